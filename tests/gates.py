"""Gates of `make nightly`: the branches that tests reach, and the mutants that they find.

`coverage json -o - | python -m tests.gates branches`, `mutmut results --all true | python -m tests.gates mutants`.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

FEWEST = {"branches": 95.0, "mutants": 85.0}
"""Per cent: of all branches together, and of the mutants of each module."""

FOUND = {"killed", "timeout", "segfault", "caught by type check"}
_RESULT = re.compile(r"\s*(?P<module>[\w.]+)\.x[_ǁ]\S*__mutmut_\d+: (?P<result>.+?)\s*")

Share = tuple[int, int]
"""So many of so many."""


def branches(report: Mapping[str, Any]) -> dict[str, Share]:
    """Return the branches that were reached of all, from a report of coverage.py in JSON."""
    totals = report["totals"]
    return {"branches": (totals["covered_branches"], totals["num_branches"])}


def mutants(lines: Iterable[str]) -> dict[str, Share]:
    """Return the mutants that were found of all, by module; one that no test reaches is not found."""
    found, every = Counter[str](), Counter[str]()
    for match in filter(None, map(_RESULT.fullmatch, lines)):
        every[match["module"]] += match["result"] != "skipped"
        found[match["module"]] += match["result"] in FOUND
    return {module: (found[module], n) for module, n in every.items()}


def is_enough(shares: Mapping[str, Share], fewest: float) -> bool:
    """Say whether something was measured and each share is at least so many per cent."""
    return bool(shares) and all(100 * part >= fewest * n > 0 for part, n in shares.values())


if __name__ == "__main__":
    kind = sys.argv[1]
    measured = branches(json.load(sys.stdin)) if kind == "branches" else mutants(sys.stdin)
    for name, (part, n) in measured.items():
        sys.stdout.write(f"{name}: {part} of {n} ({100 * part / max(n, 1):.1f} %)\n")
    if not is_enough(measured, FEWEST[kind]):
        sys.exit(f"less than {FEWEST[kind]:.0f} % of {kind}")
