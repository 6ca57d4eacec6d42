"""Processes that are killed at random instants: nothing is lost, nobody goes on, and the next run makes it good.

`make nightly` has them, `make test` has not. STANCE_KILLS sets the number of kills of each kind, 60 if not given.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from pipeline.base.errors import ArtefactError
from pipeline.base.storage import is_temporary, sha256
from pipeline.model.artefact import check_manifest
from tests.corpus import edit_params
from tests.test_dvc import dvc, dvc_environment, make_repository

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent"),
]

KILLS = int(os.environ.get("STANCE_KILLS", "60"))
SEEDS = (33, 5)
"""Seeds of the folds of two runs, whose outputs differ."""
WAYS = [(whom, how) for how in (signal.SIGKILL, signal.SIGTERM) for whom in ("parent", "all")]
ROW = 3  # kills of one run, which goes on each time, before it may end
GRACE = 10  # seconds in which whatever was started must have ended


def files_below(paths):
    """Return {path: SHA-256} of files and of all files in folders."""
    found = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return {file: sha256(file) for file in found if file.is_file() and not is_temporary(file.name)}


def temporaries(folder):
    return [path for path in folder.rglob("*") if is_temporary(path.name)]


def started_by(session):
    """Return the processes of a session that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def is_usable(model):
    try:
        return bool(check_manifest(model, sha256(model)))
    except (ArtefactError, OSError):
        return False


def kill_at(command, after, way, **options):
    """Start a command, kill it after some seconds, and return its exit code and the processes that outlive it."""
    whom, how = way
    child = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options
    )
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        (os.kill if whom == "parent" else os.killpg)(child.pid, how)
    code, deadline = child.wait(60), time.monotonic() + GRACE
    while (orphans := started_by(child.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for orphan in orphans:
        os.kill(orphan, signal.SIGKILL)
    return code, orphans


@pytest.fixture
def tell(request):
    """Say the figures also where the test passes."""
    return request.config.get_terminal_writer().line


def test_a_killed_repro_loses_nothing_and_the_next_one_makes_it_good(tmp_path, monkeypatch, tell):
    folder = make_repository(tmp_path)
    monkeypatch.chdir(folder)
    stages = yaml.safe_load(Path("dvc.yaml").read_text())["stages"].values()
    outs = [
        Path(next(iter(out)) if isinstance(out, dict) else out)
        for stage in stages
        for out in stage["outs"] + stage.get("metrics", [])
    ]
    again = [sys.executable, "-m", "dvc", "repro", "--no-run-cache", "-q"]
    clean = {}
    for seed in reversed(SEEDS):
        edit_params(folder, "split", seed=seed)
        start = time.monotonic()
        dvc(folder, *again[3:])
        took = time.monotonic() - start
        clean[seed] = files_below(outs)
    assert all(clean[SEEDS[0]][out] != clean[SEEDS[1]][out] for out in outs if out.suffix == ".joblib")
    rng, counts = random.Random(0), Counter()
    for number in range(KILLS // ROW):
        before, seed = SEEDS[number % 2], SEEDS[1 - number % 2]
        edit_params(folder, "split", seed=seed)
        for way in rng.choices(WAYS, k=ROW):
            after = rng.uniform(0.1, took * 2 / ROW)
            code, orphans = kill_at(again, after, way, cwd=folder, env=dvc_environment(folder))
            left = files_below(outs)
            lost = [file for file in clean[before] if file in clean[seed] and file not in left]
            torn = [file for file, digest in left.items() if digest not in (clean[s].get(file) for s in SEEDS)]
            counts.update(kills=1, ended=code == 0, orphans=len(orphans), lost=len(lost), torn=len(torn))
            counts.update(unusable=not is_usable(Path("models/model.joblib")))
        dvc(folder, *again[3:])
        counts.update(unequal=files_below(outs) != clean[seed], stale=len(temporaries(folder)))
    tell(f"killed `dvc repro` ({took:.0f} s): {dict(counts)}")
    assert {name for name, n in counts.items() if n} <= {"kills", "ended"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_predict_loses_nothing_and_the_next_one_makes_it_good(tmp_path, monkeypatch, tell, jobs):
    monkeypatch.chdir(tmp_path)
    sentences = "Oslo {0} the offer of Bergen on day {1}.\n"
    for name, verb in (("one", "rejected"), ("other", "welcomed")):
        Path(f"{name}.txt").write_text("".join(sentences.format(verb, n) for n in range(9_000)))
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "pipeline", "predict", "-q", "-o", "out.csv", "--jobs", str(jobs), "-i"]
    clean = {}
    for name in ("other", "one"):
        start = time.monotonic()
        subprocess.run([*command, f"{name}.txt"], env=env, check=True)
        took, clean[name] = time.monotonic() - start, sha256("out.csv")
    rng, counts = random.Random(1), Counter(kills=KILLS // 2)
    for number in range(KILLS // 2):
        name = ("other", "one")[number % 2]
        code, orphans = kill_at([*command, f"{name}.txt"], rng.uniform(0.1, took), WAYS[number % len(WAYS)], env=env)
        lost = not Path("out.csv").exists()
        torn = not lost and sha256("out.csv") not in clean.values()
        counts.update(ended=code == 0, orphans=len(orphans), lost=lost, torn=torn)
        subprocess.run([*command, f"{name}.txt"], env=env, check=True)
        counts.update(unequal=sha256("out.csv") != clean[name], stale=len(temporaries(tmp_path)))
    tell(f"killed `predict -o --jobs {jobs}` ({took:.0f} s): {dict(counts)}")
    assert {name for name, n in counts.items() if n} <= {"kills", "ended"}
