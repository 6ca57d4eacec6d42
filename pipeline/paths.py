"""Where the stages leave and find things, relative to the project's folder; the same paths stand in dvc.yaml."""

from pathlib import Path

LABELED = Path("data/labeled")
ARTICLES = LABELED / "articles.parquet"
SENTENCES = LABELED / "sentences.parquet"
LF_REPORT = LABELED / "lfs.json"
LABEL_MODEL = LABELED / "label_model.joblib"
MODEL = Path("models/model.joblib")
REPORTS = Path("reports")
ANSWERS = Path(".stance-cache/answers.sqlite")
EMBEDDINGS = Path(".stance-cache/embeddings.sqlite")

FOLDS = ("train", "dev", "test")


def fold_file(fold: str) -> Path:
    """Return the Parquet file with the soft labels of one fold."""
    return LABELED / f"{fold}.parquet"
