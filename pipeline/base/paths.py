"""Where the stages leave and find things, relative to the project's folder; the same paths stand in dvc.yaml."""

from collections.abc import Iterable
from pathlib import Path

LABELED = Path("data/labeled")
ARTICLES = LABELED / "articles.parquet"
SENTENCES = LABELED / "sentences.parquet"
LF_REPORT = LABELED / "lfs.json"
LABEL_MODEL = LABELED / "label_model.joblib"
MODEL = Path("models/model.joblib")
REPORTS = Path("reports")
CHANGES = REPORTS / "changes"
SENTENCE_ANSWERS = REPORTS / "sentences.parquet"
PREVIOUS = Path(".stance-cache/previous.parquet")
READING = LABELED / "reading.json"
SHIPPED = Path(__file__).parents[1] / "pretrained"
SHIPPED_MODEL = SHIPPED / "model.joblib"
ANSWERS = Path(".stance-cache/answers.sqlite")
EMBEDDINGS = Path(".stance-cache/embeddings.sqlite")

OWN_LFS = Path("lfs")


def fold_file(fold: str) -> Path:
    """Return the Parquet file with the soft labels of one fold."""
    return LABELED / f"{fold}.parquet"


def lf_folders(further: Iterable[str]) -> list[Path]:
    """Return the folders with a user's own labeling functions: `lfs/` where it holds some, then further ones."""
    own = any(file.suffix in (".yaml", ".yml", ".py") for file in OWN_LFS.glob("*"))
    return [*([OWN_LFS] if own else []), *map(Path, further)]


def model_file(asked: str | None = None) -> Path:
    """Return the model that is asked for; else the project's own, and where there is none the one that ships."""
    if asked is not None:
        return Path(asked)
    return MODEL if MODEL.exists() or not SHIPPED_MODEL.exists() else SHIPPED_MODEL
