"""Code blocks, files and tables of a Markdown page, for the tests of the documentation."""

import re

FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"# (\w+\.(?:yaml|py))\n")


def code_of(markdown):
    """Return the lines of all code blocks, and all code inside lines of text."""
    blocks = [line for _, body in FENCED.findall(markdown) for line in body.splitlines()]
    return [*blocks, *INLINE.findall(FENCED.sub("", markdown))]


def files_of(markdown):
    """Return {name: text} of the code blocks that begin with a comment that names a file."""
    return {found[1]: body for _, body in FENCED.findall(markdown) if (found := FILE.match(body))}


def rows_of(markdown, *head):
    """Return the rows of all tables with this head, as tuples of cells."""
    found, inside = [], False
    for line in markdown.splitlines():
        cells = tuple(c.strip().replace(r"\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1])
        if inside and cells and not cells[0].startswith("---"):
            found.append(cells)
        inside = bool(cells) and (inside or cells == head)
    return found
