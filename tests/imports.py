"""Which modules of the package a module imports, directly or through others, read from the source."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "pipeline"

UNPICKLED = {
    "pipeline/model/artefact.py": ("pipeline.weak.label_model.selection", "pipeline.weak.lfs.shipped"),
}
"""What a module brings in by loading a file: classes and functions that stand in the file by name."""


def path_of(module: str) -> Path | None:
    """Return the file of a module of the package, None for anything else."""
    parts = ROOT.joinpath(*module.split("."))
    for candidate in (parts.with_suffix(".py"), parts / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@cache
def direct_imports(path: Path) -> frozenset[str]:
    """Return the modules of the package that a file imports anywhere in it, lazily re-exported names included.

    Imports under `if TYPE_CHECKING:` do not count, nor those that an `__init__` makes only when a name is asked for.
    """
    found: set[str] = set(UNPICKLED.get(path.relative_to(ROOT).as_posix(), ()))
    tree = ast.parse(path.read_text("utf-8"))
    lazy = [node for node in tree.body if path.name == "__init__.py" and isinstance(node, ast.FunctionDef)]
    skipped = {id(n) for node in [*filter(_is_type_checking, ast.walk(tree)), *lazy] for n in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            found |= {home for alias in node.names if (home := _lazy_home(node.module, alias.name))}
    return frozenset(name for name in found if name.split(".")[0] == PACKAGE and path_of(name))


def transitive_imports(path: Path, but: frozenset[str] = frozenset()) -> set[Path]:
    """Return the files of all modules of the package that `path` needs, itself and package `__init__`s included."""
    todo, seen = [path], set()
    while todo:
        file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in direct_imports(file) - but:
            parents = [".".join(name.split(".")[:k]) for k in range(1, name.count(".") + 1)]
            todo += [p for p in map(path_of, [name, *parents]) if p]
    return seen


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def _lazy_home(module: str, name: str) -> str | None:
    """Return the module behind a name that a package's `__init__` re-exports through its table of homes."""
    path = path_of(module)
    if path is None or path.name != "__init__.py":
        return None
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOME":
            home = ast.literal_eval(node.value).get(name)
            return f"{module}.{home}" if home else None
    return None


def package_of(name: str) -> str:
    """Return the package that a module of the package lies in: "weak.cues"; a stage is "stages"."""
    path = path_of(name)
    folder = path.parent.relative_to(ROOT / PACKAGE)
    at_the_top = {"__init__.py": "", "__main__.py": "cli"}
    return ".".join(folder.parts) or at_the_top.get(path.name, "stages")


def package_arrows() -> dict[str, set[str]]:
    """Return for each package the packages that it imports from."""
    arrows: dict[str, set[str]] = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        targets = {package_of(found) for found in direct_imports(path)}
        arrows.setdefault(package_of(name), set()).update(targets - {package_of(name), ""})
    return {package: arrows[package] for package in sorted(arrows) if package}


def drawing() -> str:
    """Return the packages, those that import least first, each with what it imports: the picture in CONTRIBUTING.md."""
    left, lines = package_arrows(), []
    while left:
        free = sorted(package for package, targets in left.items() if not targets & left.keys())
        if not free:
            raise ValueError(f"circle among {sorted(left)}")
        lines += [f"{package:<18} <- {', '.join(sorted(package_arrows()[package])) or '-'}" for package in free]
        left = {package: targets for package, targets in left.items() if package not in free}
    return "\n".join(lines)


if __name__ == "__main__":
    print(drawing())  # noqa: T201
