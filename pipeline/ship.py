"""Script `ship`: put the project's model into the package, so that it answers from any folder once installed."""

from pipeline.base.errors import ArtefactError
from pipeline.base.params import Params
from pipeline.base.paths import MODEL, REPORTS, SHIPPED, SHIPPED_MODEL, SHIPPED_ROWS, fold_file
from pipeline.base.storage import atomic_open, read_json, read_table, sha256, write_json, write_table

MOST_BYTES = 1_000_000


def run(params: Params) -> str:
    """Copy model and manifest, once they are checked, and the scores of the report; return a summary line.

    The sentences that it learnt from ship as votes, without their texts.
    """
    from pipeline.model.artefact import load_model, manifest_path, read_manifest
    from pipeline.weak.dataset import shipped_table

    model, taught = load_model(MODEL), fold_file("train")
    if sha256(taught) != read_manifest(MODEL)["made_of"]["read"].get(taught.as_posix()):
        raise ArtefactError("not what the model learnt from", taught, remedy="Run `dvc repro` first.")
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
    write_table(SHIPPED / SHIPPED_ROWS.name, shipped_table(read_table(taught), model.lfs.names))
    write_json(SHIPPED / "details.json", read_json(REPORTS / "details.json"))
    return f"{SHIPPED_MODEL.name} ({size / 1000:.0f} kB with its manifest) is now the model that ships with the package"
