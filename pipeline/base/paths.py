"""Where the stages leave and find things, relative to the project's folder; the same paths stand in dvc.yaml."""

from collections.abc import Iterable
from pathlib import Path

LABELED = Path("data/labeled")
ARTICLES = LABELED / "articles.parquet"
SENTENCES = LABELED / "sentences.parquet"
LF_REPORT = LABELED / "lfs.json"
LABEL_MODEL = LABELED / "label_model.joblib"
MODEL = Path("models/model.joblib")
READER = Path("models/reader")
REPORTS = Path("reports")
MADE_OF = REPORTS / "made_of.json"
RELATIONS = REPORTS / "relations.csv"
CHANGES = REPORTS / "changes"
SENTENCE_ANSWERS = REPORTS / "sentences.parquet"
PREVIOUS = Path(".stance-cache/previous.parquet")
READING = LABELED / "reading.json"
SHIPPED = Path(__file__).parents[1] / "pretrained"
SHIPPED_MODEL = SHIPPED / "model.joblib"
SHIPPED_ROWS = SHIPPED / "rows.parquet"
RESPONSES = Path(".stance-cache/answers.sqlite")
STAGE_LOCK = Path(".stance-cache/stage.lock")
EMBEDDINGS = Path(".stance-cache/embeddings.sqlite")
READINGS = Path(".stance-cache/readings.sqlite")

OWN_LFS = Path("lfs")
OWN_PARTIES = Path("actors")


def fold_file(fold: str) -> Path:
    """Return the Parquet file with the soft labels of one fold."""
    return LABELED / f"{fold}.parquet"


def lf_folders(further: Iterable[str]) -> list[Path]:
    """Return the folders with a user's own labeling functions: `lfs/` where it holds some, and further ones."""
    own = any(file.suffix in (".yaml", ".yml", ".py") for file in OWN_LFS.glob("*"))
    folders = [*([OWN_LFS] if own else []), *map(Path, further)]
    return list({folder.resolve(): folder for folder in reversed(folders)}.values())[::-1]


def how_to_make() -> str:
    """Return the remedy for a missing output of a stage: what to run in a project, where to go outside of one."""
    if Path("params.yaml").exists() or Path("dvc.yaml").exists():
        return "Run `dvc repro` first."
    return "This is not the folder of a project: run from there."


def party_folders() -> list[Path]:
    """Return the folder with a user's own parties, `actors/`, where it holds some."""
    return [OWN_PARTIES] if any(file.suffix in (".yaml", ".yml") for file in OWN_PARTIES.glob("*")) else []


def model_file(asked: str | None = None) -> Path:
    """Return the model that is asked for; else the project's own, and where there is none the one that ships."""
    if asked is not None:
        return Path(asked)
    return MODEL if MODEL.exists() or not SHIPPED_MODEL.exists() else SHIPPED_MODEL
