"""Templates that fail loudly, and text that cannot play tricks."""

import math

import pytest
from jinja2 import UndefinedError

from pipeline.report import rendering
from pipeline.report.metrics import Score
from pipeline.report.rendering import Raw, environment, escape_markdown, printable


def test_a_name_without_a_value_is_an_error():
    with pytest.raises(UndefinedError, match="'gone' is undefined"):
        environment().from_string("{{ gone }}").render()


def test_templates_beside_the_module_are_found():
    assert {"index.html", "model.html", "report.md", "answers.html"} <= set(environment().list_templates())


def test_control_and_bidi_characters_and_broken_halves_are_dropped():
    assert printable("a\x00b\x1b[1mc\u202ed\ud800e\n\tf") == "ab[1mcde\n\tf"
    assert printable(5) == 5


NAN = math.nan


@pytest.mark.parametrize(
    ("value", "text"), [(0.71249, "0.712"), (-0.5, "−0.500"), (-0.0001, "0.000"), (None, "–"), (NAN, "–"), (1, "1.000")]
)
def test_numbers(value, text):
    """Three digits, a true minus sign, no negative zero, a dash for what is missing."""
    assert rendering.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.004, "0.4 %"), (0.0996, "10 %"), (0.9, "90 %"), (None, "–")]
)
def test_shares(share, text):
    """A decimal only below ten per cent."""
    assert rendering.percent(share) == text


@pytest.mark.parametrize(
    ("count", "text"), [(9999, "9999"), (10_000, "10\u202f000"), (1_234_567, "1\u202f234\u202f567")]
)
def test_counts(count, text):
    """Thousands are set apart from five digits on."""
    assert rendering.grouped(count) == text


def test_a_spread_is_a_value_with_its_interval():
    """The interval stays on one line, and is left out where there is none."""
    assert rendering.spread(Score(0.5, 0.4, 0.6), 1) == "0.5 (0.4\u00a0to\u00a00.6)"
    assert rendering.spread(Score(0.5, NAN, NAN)) == "0.500"
    assert rendering.signed(Score(0.5, NAN, NAN)) == "+0.500"


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
