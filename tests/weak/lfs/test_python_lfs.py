"""Python LFs: what they are shown, and what becomes of one that misbehaves."""

from operator import attrgetter

import numpy as np
import pytest

from pipeline.base.errors import LFError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import apply_lfs, cast_votes
from tests.weak.small import REJECT, TEXTS, LFSet


def python_lf(function, **fields) -> LF:
    return LF("mine", NEUTRAL, "a rule", "a reason", "mine.py", function=function, **fields)


def test_one_that_needs_words_is_asked_only_where_one_of_them_stands():
    asked = []
    lfs = LFSet([python_lf(lambda parse: asked.append(parse.text) or NEUTRAL, needs=("dinner", "eight"))])
    assert apply_lfs(TEXTS, lfs).ravel().tolist() == [ABSTAIN, ABSTAIN, NEUTRAL, ABSTAIN, ABSTAIN]
    assert asked == ["Dinner is at eight."]


@pytest.mark.parametrize(
    ("answer", "vote"),
    [
        (ABSTAIN, {}),
        ((ABSTAIN, 0.5), {}),
        (OPPOSITION, {0: (OPPOSITION, 0.5)}),
        ((AGREEMENT, 0.25), {0: (AGREEMENT, 0.25)}),
        ((NEUTRAL, 1), {0: (NEUTRAL, 1)}),
        (np.int64(2), {0: (AGREEMENT, 0.5)}),
        ((np.int8(0), np.float32(0.25)), {0: (OPPOSITION, 0.25)}),
    ],
)
def test_an_answer_is_an_id_alone_or_with_a_strength(answer, vote):
    lfs = LFSet([python_lf(lambda parse: answer, strength=0.5)])
    assert lfs.vote("Dinner is at eight.") == vote


@pytest.mark.parametrize(
    "answer",
    [
        None,
        True,
        "agreement",
        3,
        -2,
        1.0,
        (1,),
        (1, 0.5, 2),
        (1, 0),
        (1, 1.5),
        (1, "x"),
        (1, float("nan")),
        (1, 1j),
        (1, np.complex128(0.5)),
        [1, 0.5],
    ],
    ids=repr,
)
def test_any_other_answer_is_an_error_with_file_and_name(answer):
    with pytest.raises(LFError, match=r"mine\.py, mine: does not answer with a vote; expected a stance id") as error:
        cast_votes(["Dinner is at eight."], LFSet([python_lf(lambda parse: answer)]))
    assert repr(answer) in str(error.value)


def test_one_that_fails_is_an_error_with_file_name_and_sentence():
    with pytest.raises(LFError, match=r"mine\.py, mine: fails on a sentence \(IndexError.*got 'Hm'"):
        cast_votes(["Hm"], LFSet([python_lf(lambda parse: parse.tokens[9])]))


@pytest.mark.parametrize(("error", "expected"), [(SystemExit(3), "SystemExit: 3"), (KeyError("a\n b"), "KeyError: 'a")])
def test_one_that_would_leave_or_says_much_is_an_error_in_one_line(error, expected):
    def fail(parse):
        raise error

    with pytest.raises(LFError, match=rf"mine\.py, mine: fails on a sentence \({expected}") as caught:
        cast_votes(["Hm"], LFSet([python_lf(fail)]))
    assert "\n" not in str(caught.value)


def test_it_reads_the_hits_of_the_others():
    lfs = LFSet([REJECT, python_lf(lambda parse: parse.hits[0].stance if parse.hits else ABSTAIN)])
    assert apply_lfs(TEXTS[:3], lfs)[:, 1].tolist() == [OPPOSITION, ABSTAIN, ABSTAIN]


class TestBatches:
    def test_a_function_of_a_batch_sees_all_sentences_at_once(self):
        seen = []
        lfs = LFSet([python_lf(lambda parses: seen.append(parses.texts) or np.full(len(parses), NEUTRAL), batch=True)])
        assert apply_lfs(TEXTS, lfs).ravel().tolist() == [NEUTRAL] * 5
        assert seen == [TEXTS]

    @pytest.mark.parametrize(
        ("answer", "strengths"),
        [
            (np.array([OPPOSITION, ABSTAIN]), [0.5, 0]),
            ([OPPOSITION, ABSTAIN], [0.5, 0]),
            ((np.array([OPPOSITION, ABSTAIN]), 0.25), [0.25, 0]),
            ((np.array([OPPOSITION, ABSTAIN]), np.array([0.75, 7.0])), [0.75, 0]),
            ((np.array([ABSTAIN, ABSTAIN]), np.zeros(2)), [0, 0]),
        ],
    )
    def test_it_answers_with_stances_alone_or_with_strengths(self, answer, strengths):
        lfs = LFSet([python_lf(lambda parses: answer, strength=0.5, batch=True)])
        votes, given = cast_votes(["one", "two"], lfs)
        assert given.ravel().tolist() == strengths
        assert votes.ravel().tolist() == [OPPOSITION if strength else ABSTAIN for strength in strengths]

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            1,
            "agreement",
            np.array([0]),
            np.array([0, 3]),
            np.array([0, -2]),
            np.array([0.0, 1.0]),
            np.array([True, False]),
            np.array([[0, 1]]),
            (np.array([0, 1]), np.array([1.0])[:0]),
            (np.array([0, 1]), 0),
            (np.array([0, 1]), np.array([0.5, 1.5])),
            (np.array([0, 1]), np.array([0.5, np.nan])),
            (np.array([0, 1]), "x"),
        ],
        ids=repr,
    )
    def test_any_other_answer_is_an_error(self, answer):
        with pytest.raises(LFError, match=r"mine\.py, mine: does not answer with votes; expected stance ids") as error:
            cast_votes(["one", "two"], LFSet([python_lf(lambda parses: answer, batch=True)]))
        assert str(error.value).endswith(f"got {' '.join(repr(answer).split())} for 2 sentences")

    def test_a_long_answer_is_told_shortened_and_in_one_line(self):
        with pytest.raises(LFError, match=r"got array\(\[\[0, 0.* for 100 sentences$") as error:
            cast_votes(["one"] * 100, LFSet([python_lf(lambda parses: np.zeros((9, 99), int), batch=True)]))
        assert "\n" not in str(error.value)

    def test_one_that_fails_is_an_error(self):
        with pytest.raises(
            LFError, match=r"mine\.py, mine: fails on a batch of sentences \(KeyError: 'x'\); got 2 sentences"
        ):
            cast_votes(["one", "two"], LFSet([python_lf(lambda parses: {}["x"], batch=True)]))

    @pytest.mark.parametrize("what", ["hits.strength", "hits.stance", "tokens.ids", "tokens.rows", "scopes.questions"])
    def test_it_cannot_change_what_the_others_read(self, what):
        def meddle(parses):
            attrgetter(what)(parses)[:] = 0

        with pytest.raises(LFError, match=r"mine\.py, mine: fails on a batch of sentences \(ValueError: .*read-only"):
            cast_votes(TEXTS, LFSet([REJECT, python_lf(meddle, batch=True)]))

    def test_of_no_sentences_it_has_no_votes(self):
        lfs = LFSet([python_lf(lambda parses: np.full(len(parses), NEUTRAL), batch=True)])
        assert cast_votes([], lfs)[0].shape == (0, 1)
