"""Sets of words written as one string."""

from pipeline.weak.cues.language import words


def test_words_are_parted_by_any_white_space_and_counted_once():
    assert words(" not\tnever\nnot  no ") == {"not", "never", "no"}


def test_no_text_gives_no_words():
    assert words("  ") == frozenset()
