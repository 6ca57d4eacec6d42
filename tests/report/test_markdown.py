"""Markdown in which text stays text."""

import pytest

from pipeline.report.cells import Raw, escape_markdown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", r"a \| b"),
        ("two\nlines\r\nand\ttab", "two lines and tab"),
        ("[a](b) *c* _d_ `e`", r"\[a\](b) \*c\* \_d\_ \`e\`"),
        ("back\\slash & <b>", r"back\\slash &amp; \<b\>"),
        ("see https://x.test or www.x.test", "see https:&#47;&#47;x.test or www&#46;x.test"),
        (7, 7),
        (Raw("*done*"), "*done*"),
    ],
)
def test_markdown_is_escaped(text, escaped):
    """Markup characters lose their meaning, lines are joined, numbers and finished Markdown pass."""
    assert escape_markdown(text) == escaped
