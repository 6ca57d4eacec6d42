"""Script `ship`: put the project's model into the package, so that it answers from any folder once installed."""

from pipeline.base.errors import ArtefactError
from pipeline.base.params import Params
from pipeline.base.paths import MODEL, REPORTS, SHIPPED, SHIPPED_MODEL
from pipeline.base.storage import atomic_open, read_json, write_json

MOST_BYTES = 1_000_000


def run(params: Params) -> str:
    """Copy model and manifest, once they are checked, and the scores of the report; return a summary line."""
    from pipeline.model.artefact import load_model, manifest_path

    load_model(MODEL)
    files = {SHIPPED_MODEL: MODEL.read_bytes(), manifest_path(SHIPPED_MODEL): manifest_path(MODEL).read_bytes()}
    size = sum(map(len, files.values()))
    if size >= MOST_BYTES:
        remedy = "Train it with fewer features (train.min_df, train.ngram_max)."
        raise ArtefactError(
            "too large to ship", MODEL, expected=f"below {MOST_BYTES} B", got=f"{size} B", remedy=remedy
        )
    for path, content in files.items():
        with atomic_open(path) as file:
            file.write(content)
    write_json(SHIPPED / "details.json", read_json(REPORTS / "details.json"))
    return f"{SHIPPED_MODEL.name} ({size / 1000:.0f} kB with its manifest) is now the model that ships with the package"
