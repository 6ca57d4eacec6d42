"""The mix of sentences to label: each for a reason, none twice, none that is labelled already."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.gold import sampling as signals
from pipeline.gold.sampling import KINDS, Candidates, Novelty, choose_sentences

SURE = [0.05, 0.9, 0.05]
SUBJECTS = ["Miners", "Bakers", "Tailors", "Ferrymen", "Judges", "Pilots", "Growers", "Envoys", "Printers"]
DEEDS = ["met Monday", "published timetables", "walked home"]
TEXTS = [f"{subject} {deed}." for subject in SUBJECTS for deed in DEEDS]
N = len(TEXTS)


def candidates(**changes):
    """All sure, agreed, voted on by one LF for neutral; three sentences an article."""
    fields = {
        "texts": TEXTS,
        "articles": [f"a{row // 3}" for row in range(N)],
        "proba": np.array([SURE] * N),
        "label_model_proba": np.array([SURE] * N),
        "votes": np.array([[1, -1]] * N),
        "strengths": np.array([[0.5, 0.0]] * N),
        "lfs": ["calm", "reject"],
    }
    return Candidates(**{**fields, **changes})


def chosen(found, size=5, labelled=()):
    return [(choice.kind, choice.row) for choice in choose_sentences(found, labelled, size)]


def with_rows(name, **rows):
    changed = getattr(candidates(), name).copy()
    for row, value in rows.items():
        changed[int(row[1:])] = value
    return changed


def test_each_reason_finds_its_sentence():
    found = candidates(
        texts=[*TEXTS[:16], "Wheat came with barley", *TEXTS[17:20], "Wheat and barley", *TEXTS[21:]],
        proba=with_rows("proba", r0=[0.9, 0.05, 0.05], r4=[0.4, 0.38, 0.22], r12=[0.6, 0.4, 0]),
        label_model_proba=with_rows("label_model_proba", r4=[0.4, 0.38, 0.22]),
        votes=with_rows("votes", r8=[1, 0], r12=[-1, -1]),
        strengths=with_rows("strengths", r8=[0.5, 0.9], r12=[0, 0]),
    )
    first = choose_sentences(found, [], 5)
    assert [choice.kind for choice in first] == list(KINDS)
    assert [choice.row for choice in first] == [0, 4, 8, 12, 20]
    assert first[4].why == "new words: barley, wheat"
    assert first[2].why == "conflict: opposition (reject) against neutral (calm)"
    assert all(choice.why.startswith(f"{choice.kind}: ") for choice in first)


def test_reasons_take_turns_and_those_that_have_run_out_are_passed_over():
    kinds = [kind for kind, _ in chosen(candidates(), 6)]
    assert kinds[:2] == ["uncertainty", "new words"]
    assert set(kinds) == {"uncertainty", "new words"}


def test_every_article_has_its_best_chosen_before_any_has_its_second():
    proba = np.array([SURE] * N)
    proba[:3] = [0.4, 0.4, 0.2]
    found = candidates(proba=proba, label_model_proba=proba)
    rows = [row for kind, row in chosen(found, 20) if kind == "uncertainty"]
    assert len({row // 3 for row in rows[:6]}) == 6


@pytest.mark.parametrize("labelled", [TEXTS[4], TEXTS[4].upper(), TEXTS[4].replace(" ", "  ")])
def test_near_duplicates_of_labelled_sentences_are_left_out(labelled):
    rows = [row for _, row in chosen(candidates(), N, [labelled])]
    assert 4 not in rows
    assert 0 in rows


def test_near_duplicates_among_the_candidates_are_chosen_once():
    texts = [*TEXTS[:-1], TEXTS[0].replace(".", " !")]
    rows = {row for _, row in chosen(candidates(texts=texts), N)}
    assert len({0, N - 1} & rows) == 1


def test_no_sentence_is_chosen_twice_and_size_is_kept():
    rows = [row for _, row in chosen(candidates(), 11)]
    assert len(rows) == len(set(rows)) == 11
    assert len(chosen(candidates(), 10 * N)) <= N
    assert chosen(candidates(), 11) == chosen(candidates(), 20)[:11]


def test_nothing_to_choose_from_gives_nothing():
    empty = {"proba": np.empty((0, 3)), "label_model_proba": np.empty((0, 3))}
    votes = {"votes": np.empty((0, 2), int), "strengths": np.empty((0, 2))}
    assert choose_sentences(candidates(texts=[], articles=[], **empty, **votes), ["Labelled."], 5) == []


FOUND = Candidates(
    texts=["a", "b", "c"],
    articles=["x", "x", "y"],
    proba=np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.8, 0.0]]),
    label_model_proba=np.array([[0.2, 0.7, 0.1], [0.2, 0.5, 0.3], [0.2, 0.8, 0.0]]),
    votes=np.array([[0, 2, 0], [1, -1, 1], [-1, -1, -1]]),
    strengths=np.array([[0.6, 0.9, 0.8], [0.5, 0.0, 0.5], [0.0, 0.0, 0.0]]),
    lfs=["reject", "sign", "refuse"],
)


def test_disagreement_is_the_distance_where_the_answers_differ():
    assert signals.disagreement(FOUND).tolist() == pytest.approx([0.4, 0, 0])
    read = replace(FOUND, who="reader")
    assert signals.disagreement_in_words(read, 0).startswith("reader says opposition 0.50, label")
    assert signals.disagreement_in_words(FOUND, 0) == "classifier says opposition 0.50, label model says neutral 0.70"


def test_uncertainty_is_one_less_the_lead():
    assert signals.uncertainty(FOUND).tolist() == pytest.approx([0.8, 0.7, 0.4])
    assert signals.uncertainty_in_words(FOUND, 1) == "neutral 0.60 or agreement 0.30"


def test_conflict_is_the_evidence_of_the_weaker_side():
    assert signals.conflict(FOUND).tolist() == pytest.approx([0.9, 0, 0])
    assert signals.conflict_in_words(FOUND, 0) == "opposition (refuse, reject) against agreement (sign)"


def test_silence_counts_the_stance_found_without_any_vote():
    """Where it finds none, nothing is to be asked."""
    assert signals.uncovered(FOUND).tolist() == [0, 0, 0]
    found = replace(FOUND, proba=np.array([*FOUND.proba[:2], [0.6, 0.4, 0.0]]))
    assert signals.uncovered(found).tolist() == pytest.approx([0, 0, 0.6])
    assert signals.uncovered_in_words(found, 2) == "the classifier gives opposition 0.60 by its words alone"


NOVELTY_TEXTS = ["Ferry strike", "Ferry strike at the quay", "Wheat", "Wheat and barley", "Alone 1911 of"]
ARTICLES = ["a", "b", "a", "b", "c"]


def test_words_of_one_article_numbers_and_short_words_count_nothing():
    novelty = Novelty(NOVELTY_TEXTS, ARTICLES, [])
    assert [novelty.unseen(row) for row in range(5)] == [["ferry", "strike"]] * 2 + [["wheat"]] * 2 + [[]]


def test_function_words_are_never_new():
    novelty = Novelty(["Its quay would reopen with them.", "Which quay would they close?"], ["a", "b"], [])
    assert novelty.unseen(0) == ["quay"]


def test_seen_words_are_not_new():
    assert Novelty(NOVELTY_TEXTS, ARTICLES, ["A FERRY!"]).unseen(0) == ["strike"]


def test_words_of_more_articles_come_first():
    novelty = Novelty(["rare wheat", "rare wheat", "wheat"], ["a", "b", "c"], [])
    assert novelty.unseen(0) == ["wheat", "rare"]


def test_the_ranking_is_made_anew_after_each_choice():
    """The second sentence about ferries has nothing to offer once the first is chosen."""
    novelty = Novelty(NOVELTY_TEXTS, ARTICLES, [])
    ranked = novelty.ranked()
    first = next(ranked)
    novelty.add(first)
    second = next(ranked)
    novelty.add(second)
    assert (first, second) == (0, 2)
    assert list(ranked) == []


def test_short_sentences_win_over_long_ones_with_as_many_new_words():
    assert list(Novelty(["wheat grows in the south", "wheat"], ["a", "b"], []).ranked()) == [1, 0]
