"""Tables of answers: every sentence, every article, in files that can be read again."""

import csv

import pyarrow.parquet as pq
import pytest

from pipeline.base.calibration import wilson
from pipeline.base.errors import InputError
from pipeline.report.answers import (
    COLUMNS,
    SUPPRESSED,
    Piece,
    Span,
    article_rows,
    mark,
    read_about,
    read_answers,
    write_answers,
)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_written_is_read_again(tmp_path, answers):
    """Marked words and what is known about the table included; equal rows give equal bytes."""
    for _ in range(2):
        write_answers(tmp_path, answers, {"model": "abc"})
        before = (tmp_path / "sentences.parquet").read_bytes()
    assert read_answers(tmp_path / "sentences.parquet") == answers
    assert read_about(tmp_path / "sentences.parquet")["model"] == "abc"
    assert (tmp_path / "sentences.parquet").read_bytes() == before
    assert answers[0]["marks"] == [Span(5, 12, "opposition", "opposition: LF refuse (rule 8)")]


def test_the_table_has_a_row_for_every_sentence_with_stance_probabilities_and_reason(tmp_path, answers):
    """The same in CSV as in Parquet; CSV leaves out the marks."""
    write_answers(tmp_path, answers)
    table, rows = pq.read_table(tmp_path / "sentences.parquet"), rows_of(tmp_path / "sentences.csv")
    assert tuple(rows[0])[: len(COLUMNS)] == COLUMNS
    assert [row["stance"] for row in rows] == table["stance"].to_pylist() == [row["stance"] for row in answers]
    assert (rows[0]["reason"], rows[0]["lfs"]) == ('because "refused" (LF refuse)', "refuse:opposition")
    assert sum(float(rows[0][f"p_{s}"]) for s in ("opposition", "neutral", "agreement")) == pytest.approx(1)


def test_what_else_a_file_says_of_its_article_is_kept(tmp_path, make_answer):
    """Under its name, or as input_<name> where an answer has a column of that name; empty where others lack it."""
    write_answers(tmp_path, [make_answer(article="a", meta={"region": "north", "stance": "left"}), make_answer()])
    first, second = rows_of(tmp_path / "sentences.csv")
    assert (first["region"], first["input_stance"], first["stance"]) == ("north", "left", "opposition")
    assert second["region"] == ""


def test_articles_have_shares_with_intervals_and_a_balance(tmp_path, answers):
    """Article a has two opposed sentences and one that agrees."""
    write_answers(tmp_path, answers)
    first = rows_of(tmp_path / "articles.csv")[0]
    assert tuple(first)[:5] == ("id", "title", "date", "source", "sentences")
    assert [first[key] for key in ("id", "sentences", "opposition", "neutral", "agreement")] == [
        "a",
        "3",
        "2",
        "0",
        "1",
    ]
    low, high = wilson(2, 3)
    row = article_rows(answers)[0]
    assert (row["share_opposition"], row["balance"]) == (0.6667, -0.3333)
    assert (row["share_opposition_low"], row["share_opposition_high"]) == (round(low, 4), round(high, 4))


def test_another_table_is_refused(tmp_path, answers):
    write_answers(tmp_path, answers)
    pq.write_table(pq.read_table(tmp_path / "sentences.parquet").drop_columns("reason"), tmp_path / "other.parquet")
    with pytest.raises(InputError, match=r"other.parquet: not a table of answers.*no reason"):
        read_answers(tmp_path / "other.parquet")


TEXT = "Oslo refused to sign, though it welcomed it."


def words(*found):
    return [{"text": word, "start": TEXT.index(word), "end": TEXT.index(word) + len(word)} for word in found]


def lf(name, stance, *found, notes=()):
    cues = [{"quote": " ".join(found), "strength": 1.0, "notes": list(notes)}] if found else []
    return {"name": name, "stance": stance, "rule": "7", "words": words(*found), "cues": cues}


def marked(*lfs, suppressed=()):
    pieces = mark(TEXT, {"lfs": list(lfs), "suppressed": list(suppressed)})
    assert "".join(piece.text for piece in pieces) == TEXT
    return [piece for piece in pieces if piece.stance]


def test_words_side_by_side_are_one_piece():
    assert marked(lf("refuse", "opposition", "refused", "to", "sign")) == [
        Piece("refused to sign", "opposition", "opposition: LF refuse (rule 7)")
    ]


def test_words_apart_and_words_of_other_lfs_are_pieces_of_their_own():
    found = marked(lf("refuse", "opposition", "refused", "sign"), lf("welcome", "agreement", "welcomed", notes=["x"]))
    assert [piece.text for piece in found] == ["refused", "sign", "welcomed"]
    assert found[2].title == "agreement: LF welcome, x (rule 7)"


def test_a_word_of_several_lfs_goes_to_the_strongest_and_names_all():
    """They come strongest first."""
    found = marked(lf("refuse", "opposition", "refused"), lf("other", "neutral", "refused"))
    assert found == [Piece("refused", "opposition", "opposition: LF refuse (rule 7); neutral: LF other (rule 7)")]


def test_words_that_do_not_count_are_marked_as_such():
    cue = {"name": "sign", "stance": "agreement", "notes": ['negated by "not"'], "words": words("sign")}
    title = 'does not count for agreement: LF sign, negated by "not"'
    assert marked(suppressed=[cue]) == [Piece("sign", SUPPRESSED, title)]


def test_lfs_without_words_mark_nothing():
    assert marked(lf("whole", "neutral")) == []
    assert mark("", {"lfs": [], "suppressed": []}) == []
