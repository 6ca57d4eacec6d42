"""Marked words: pieces that give the text back, with stance and title."""

from pipeline.report.answers import SUPPRESSED, Piece, mark

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
