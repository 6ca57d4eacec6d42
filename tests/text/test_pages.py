"""What was printed: running heads, numbers of pages and lines, double spacing."""

import pytest

from pipeline.text.articles import read_article
from pipeline.text.pages import text_of_pages, without_line_numbers

LINES = [
    "The mill closed on Monday, and nine men",
    "left it before the guild had signed the",
    "paper. The mayor asked the owners for a",
    "word and got none. Nobody in the town of",
    "Joplin knew who was to pay for the lamps",
    "at the gate. They went out at nine.",
]


def read(tmp_path, text):
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (article,) = read_article(tmp_path / "a.txt")
    return article.text


def test_running_heads_and_page_numbers_leave_the_sentence_whole(tmp_path):
    pages = [
        f"THE MILL POST 3 MAY 1993\n\n{LINES[0]}\n{LINES[1]}\n\n1",
        f"THE MILL POST 3 MAY 1993\n\n{chr(10).join(LINES[2:])}\n\n2",
    ]
    assert read(tmp_path, "\f".join(pages)) == " ".join(LINES)


def test_numbers_of_lines_are_taken_out(tmp_path):
    assert read(tmp_path, "\n".join(f"{n} {line}" for n, line in enumerate(LINES, 14))) == " ".join(LINES)


def test_every_fifth_line_may_have_a_number():
    lines = [f"Line {word} of the paper goes on" for word in "abcdefghijklmnopqrstuvwxyz"]
    numbered = [f"{n} {line}" if n % 5 == 0 else f"   {line}" for n, line in enumerate(lines, 1)]
    assert [line.strip() for line in without_line_numbers(numbered)] == lines


def test_double_spacing_becomes_single(tmp_path):
    assert read(tmp_path, "\n\n".join(LINES)) == " ".join(LINES)


def test_lists_years_and_plain_text_stay():
    for text in (
        "\n\n".join(f"{n} The guild asks for a lamp." for n in range(1, 8)),
        "1990 was wet.\n1993 was dry.\n1991 was cold.\n1999 was warm.\n1998 was mild.\n1997 was long.",
        "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix.",
        "\n".join(LINES),
    ):
        assert text_of_pages(text) == text


@pytest.mark.parametrize(
    "between", ["12", "- 12 -", "Page 3 of 9", "\n7\n", "\nTHE MILL POST, 3 MAY 1993\n", "\n\n\n12\n\n"]
)
def test_what_a_page_break_left_between_two_halves_of_a_sentence_is_taken_out(tmp_path, between):
    text = "\n".join([*LINES[:2], between, *LINES[2:]])
    assert read(tmp_path, text) == " ".join(LINES)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"> {line}" for line in LINES),
        "\n".join(f"{n}: {line}" for n, line in enumerate(LINES, 1)),
        "\n".join(LINES).replace("guild had", "gu\u00ad\nild had"),
        "\n".join(LINES).replace("guild had", "gu¬\nild had"),
        "\n".join(LINES).replace("lamps", "[lamps](https://mill.example/lamps)"),
        "\f\n".join(LINES),
    ],
    ids=["mail", "numbers", "soft hyphen", "not sign", "link", "form feeds"],
)
def test_other_marks_of_print_and_mail_are_taken_out(tmp_path, text):
    assert read(tmp_path, text) == " ".join(LINES)
