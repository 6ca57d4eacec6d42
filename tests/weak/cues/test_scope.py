"""Scope: what a cue means depends on where it stands. The sentences are read with the engine, not the lexicon."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.stances import AGREEMENT, OPPOSITION
from pipeline.weak.cues.language import words
from pipeline.weak.cues.scope import Scope, Scopes
from pipeline.weak.cues.scope_words import APPEAL
from pipeline.weak.cues.tokens import Tokens, tokenize
from tests.weak.small import LFSet, lf, stances, strength

PLAIN = strength("Ordovia rejects it.")


def read_scope(tokens: list[str]) -> Scope:
    return Scopes(Tokens.of([tokens]))[0]


def test_a_plain_main_clause_keeps_all_of_a_cue():
    assert PLAIN == 1.0


@pytest.mark.parametrize(
    "text", ["On May 3 Ordovia rejects it.", "On 3 May Ordovia rejects it.", "In May Ordovia rejects it."]
)
def test_the_month_of_may_hedges_nothing(text):
    assert strength(text) == PLAIN
    assert strength("Ordovia may reject it.") < PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Having rejected it in the spring, Ordovia paid for it.",
        "Where Ordovia once rejected it, Borduria paid for it.",
        "The old rejected plan forgotten, Ordovia paid for it.",
        "Crowds marked the anniversary of Ordovia rejecting it.",
    ],
)
def test_what_is_over_or_looked_back_on_counts_less(text):
    assert 0 < strength(text) < 0.7 * PLAIN


@pytest.mark.parametrize("text", ["They are having none of it: Ordovia rejects it.", "It rejects it where it can."])
def test_the_same_words_elsewhere_take_nothing_away(text):
    assert strength(text) == PLAIN


class TestNegation:
    @pytest.mark.parametrize(
        "text",
        [
            "Ordovia does not reject it.",
            "Ordovia doesn't reject it.",
            "Ordovia didn’t reject it.",
            "Ordovia never rejected it.",
            "Nobody in Ordovia rejects it.",
            "They left without rejecting it.",
            "Ordovia refused to reject it.",
            "Ordovia failed to reject it.",
            "Ordovia is unwilling to reject it.",
            "Ordovia did not in any way reject it.",
            "Ordovia denied rejecting it.",
            "Ordovia denied that it had rejected it.",
            "Ordovia accepted it, far from rejecting it.",
        ],
    )
    def test_it_turns_a_cue_over(self, text):
        assert stances(text)["reject"] == AGREEMENT

    @pytest.mark.parametrize(
        "text",
        [
            "Not only did Ordovia reject it.",
            "Ordovia will no doubt reject it.",
            "It was not, they said, and Ordovia rejects it.",
            "It had not come to that before they met and one of them rejected it.",
            "The no vote in the far north of Ordovia rejected it.",
            "The refused ship was rejected.",
            "Far from home, Ordovia rejected it.",
            "Ordovia, denied the loan, rejected it.",
            "Without question, Ordovia rejected it.",
            "Ordovia rejects it, not Borduria.",
        ],
    )
    def test_it_does_not_reach_every_cue(self, text):
        assert stances(text)["reject"] == OPPOSITION

    @pytest.mark.parametrize(
        "text",
        [
            "Ordovia doesnt reject it.",
            "Ordovia wont reject it.",
            "Ordovia can t reject it.",
            "Ordovia does n't reject it.",
            "Ordovia doesnʼt reject it.",
        ],
    )
    def test_it_may_have_lost_its_apostrophe(self, text):
        assert stances(text)["reject"] == AGREEMENT

    @pytest.mark.parametrize(
        "text",
        ["As is her wont, she rejects it.", "They, as was their wont, rejected it.", "The cant of the day rejects it."],
    )
    def test_a_habit_is_none(self, text):
        assert stances(text)["reject"] == OPPOSITION

    @pytest.mark.parametrize(
        "text",
        [
            "No member of the old guild of weavers rejects it.",
            "No longer do the three towns of the coast reject it.",
            "Few of the nine towns of Borduria would reject it.",
            "Nor did the two old towns on the coast reject it.",
            "Hardly any of the seven towns on the coast rejects it.",
            "They said none of the seven towns on the coast rejects it.",
            "Neither Ordovia nor its old neighbour rejects it.",
            "It is said that neither the towns nor the ports on the coast reject it.",
            "Only two of the nine towns rejected it.",
            "Just 14 towns on the coast rejected it.",
            "Merely a handful of towns rejected it.",
        ],
    )
    def test_before_a_subject_it_reaches_the_verb(self, text):
        assert stances(text)["reject"] == AGREEMENT

    @pytest.mark.parametrize(
        "text",
        [
            "Never have the two towns rejected it so loudly.",
            "Rarely was a plan rejected by so many.",
            "Not since the flood has a town rejected it so firmly.",
            "A few of the towns rejected it.",
            "Only two weeks later the towns rejected it.",
            "Only the towns on the coast rejected it.",
            "Few days later they rejected it.",
        ],
    )
    def test_what_was_never_so_strong_is_not_denied(self, text):
        assert stances(text)["reject"] == OPPOSITION

    @pytest.mark.parametrize(
        "text",
        [
            "It would be wrong to say that Ordovia rejects it.",
            "It is a mistake to think Ordovia rejects it.",
            "He does not believe that Ordovia rejects it.",
            "It is not true that Ordovia rejects it.",
            "There is no sign that Ordovia rejects it.",
            "It cannot be said that Ordovia rejects it.",
        ],
    )
    def test_it_denies_a_whole_clause(self, text):
        assert stances(text)["reject"] == AGREEMENT

    @pytest.mark.parametrize(
        "text",
        [
            "He says that Ordovia rejects it.",
            "It is true that Ordovia rejects it.",
            "There is a sign that they reject it.",
        ],
    )
    def test_a_clause_that_is_said_is_not_denied(self, text):
        assert stances(text)["reject"] == OPPOSITION

    @pytest.mark.parametrize(
        "text", ["Ordovia did not fail to reject it.", "Ordovia never refused to oppose it.", "None did not reject it."]
    )
    def test_two_undo_each_other(self, text):
        assert stances(text)["reject"] == OPPOSITION

    def test_an_lf_without_a_negated_stance_then_abstains(self):
        assert stances("They did not clash.", LFSet([lf("clash", "clash~v")])) == {}

    def test_a_phrase_is_not_negated(self):
        assert stances("There is no deadlock.")["deadlock"] == OPPOSITION


class TestContrast:
    @pytest.mark.parametrize("word", ["but", "however", "yet", "nevertheless"])
    def test_what_follows_weighs_more_than_what_stands_before(self, word):
        text = f"Ordovia rejects it, {word} Borduria supports it."
        assert strength(text, "support") > 2 * strength(text, "reject") > 0

    def test_what_stands_before_keeps_its_weight_where_nothing_follows(self):
        assert strength("Ordovia rejects it, but dinner is at eight.") == PLAIN

    @pytest.mark.parametrize(
        "text", ["Ordovia did nothing but reject it.", "Not only once but twice they rejected it."]
    )
    def test_some_buts_set_nothing_against_anything(self, text):
        assert read_scope(tokenize(text)).contrast == -1

    @pytest.mark.parametrize("opener", ["Although", "Though", "Whereas", "While"])
    def test_what_is_conceded_is_not_the_main_point(self, opener):
        text = f"{opener} Ordovia rejects it, Borduria supports it."
        assert strength(text, "support") > 2 * strength(text, "reject")

    def test_despite_concedes_a_noun(self):
        assert (
            strength("Despite the deal, Ordovia rejects it.", "deal")
            < 0.3
            < strength("Despite the deal, Ordovia rejects it.")
        )

    @pytest.mark.parametrize(
        "text",
        [
            "What began as support for Borduria ended when they rejected it.",
            "Praise of Borduria aside, Ordovia rejects it.",
            "Praise of Borduria notwithstanding, Ordovia rejects it.",
            "For all its support of Borduria, Ordovia rejects it.",
            "Instead of supporting it, Ordovia rejects it.",
            "Rather than support it, Ordovia rejects it.",
        ],
    )
    def test_some_concede_without_but(self, text):
        assert strength(text) > 2 * strength(text, "support")

    def test_who_steps_aside_concedes_nothing(self):
        assert strength("They praise Borduria and step aside, the mayor says.", "support") == PLAIN

    def test_another_party_s_part_behind_while_weighs_less(self):
        text = "Ordovia rejects it while Borduria supports it."
        assert 0 < strength(text, "support") < strength(text, "reject")


class TestClauses:
    @pytest.mark.parametrize(
        ("text", "at_most"),
        [
            ("If Ordovia rejects it, they leave.", 0.2),
            ("Were Ordovia to reject it, they would leave.", 0.2),
            ("They spoke by telephone about whom to reject.", 0.3),
            ("They leave unless Ordovia rejects it.", 0.2),
            ("They asked whether Ordovia rejects it.", 0.2),
            ("Does Ordovia reject it?", 0.25),
            ("Ordovia (which rejected it) has a port.", 0.7),
            ("They met a man who rejects it.", 0.7),
            ("They left after Ordovia rejected it.", 0.6),
            ("They left when Ordovia rejected it.", 0.6),
        ],
    )
    def test_what_is_not_said_to_be_so_or_is_beside_the_point_weighs_less(self, text, at_most):
        assert strength(text) <= at_most * PLAIN

    @pytest.mark.parametrize(
        "text",
        [
            "An envoy said that Ordovia rejects it.",
            "If they leave, Ordovia rejects it.",
            "After the meal, Ordovia rejects it.",
            "The man who met them left, and Ordovia rejects it.",
            "As president, Moro rejects it.",
            "Why? Ordovia rejects it.",
        ],
    )
    def test_what_is_reported_or_stands_behind_such_a_clause_keeps_its_weight(self, text):
        assert strength(text) == PLAIN


class TestAppeals:
    @pytest.mark.parametrize(
        "text",
        [
            "Ordovia urged Borduria to reject it.",
            "Ordovia asked the council to reject it.",
            "They called on Ordovia to reject it.",
            "Ordovia wants Borduria to reject it.",
            "He recommended that they reject it.",
        ],
    )
    def test_what_another_is_asked_to_do_nobody_has_done(self, text):
        assert strength(text) <= 0.2 * PLAIN

    def test_what_one_wants_to_do_oneself_is_no_appeal(self):
        assert strength("Ordovia wants to reject it.") == PLAIN

    def test_the_next_sentence_part_is_free_again(self):
        assert strength("Ordovia urged them to stay; Borduria rejects it.") == PLAIN


class TestTopics:
    @pytest.mark.parametrize(
        "text",
        ["The talks on rejecting it went on.", "They debated rejecting it.", "A vote about who rejects it is due."],
    )
    def test_what_is_talked_about_is_not_done(self, text):
        assert 0 < strength(text) <= 0.3 * PLAIN

    def test_talks_without_a_topic_leave_a_cue_alone(self):
        assert strength("The talks ended and Ordovia rejects it.") == PLAIN

    def test_what_is_said_of_a_pronoun_is_no_topic(self):
        assert strength("They talked about it in a room where all reject it.") >= 0.6 * PLAIN
        assert strength("They talked about whom to reject.") <= 0.3 * PLAIN

    def test_a_topic_ends_after_some_words(self):
        assert strength("The talks on fish in the north of the old sea ended and they rejected it.") == PLAIN


class TestHedges:
    @pytest.mark.parametrize(
        ("weaker", "stronger"),
        [
            ("Ordovia may reject it.", "Ordovia will reject it."),
            ("Ordovia should reject it.", "Ordovia might reject it."),
            ("Ordovia is trying to reject it.", "Ordovia is about to reject it."),
            ("Ordovia once rejected it.", "Ordovia now rejects it."),
            ("Ordovia used to reject it.", "Ordovia came to reject it."),
        ],
    )
    def test_what_may_should_or_used_to_be_weighs_less(self, weaker, stronger):
        assert 0 < strength(weaker) < strength(stronger)

    def test_of_two_hedges_the_stronger_decides(self):
        assert strength("Ordovia perhaps should reject it.") == strength("Ordovia should reject it.")

    def test_a_hedge_far_before_does_not_reach(self):
        assert strength("Perhaps it rains and all day long Ordovia rejects it.") == PLAIN


class TestNouns:
    def test_a_noun_behind_a_verb_that_decides_over_it_hardly_counts(self):
        text = "Ordovia rejected the deal."
        assert strength(text, "deal") < 0.25 < strength(text, "reject")

    def test_a_verb_turned_noun_is_governed_too(self):
        assert strength("Ordovia rejects his support.", "support") < 0.25

    def test_a_noun_in_another_clause_is_not_governed(self):
        assert strength("Ordovia rejected it, and a deal is near.", "deal") > 0.4

    def test_a_noun_far_behind_the_verb_is_not_governed(self):
        far = "Ordovia rejected one of the seven ships built in the north deal"
        assert strength(far, "deal") > 0.4

    def test_a_noun_alone_keeps_nearly_all(self):
        assert strength("The deal is near.", "deal") > 0.9


def test_a_second_cue_behind_a_first_counts_less():
    assert strength("Ordovia rejects it and Borduria supports it.", "support") == pytest.approx(0.5)


@pytest.mark.parametrize("opening", ["If", "Although", "May", "Does", "Once", "Ordovia urged them to", "(", "Talks on"])
def test_a_phrase_keeps_its_vote_wherever_it_stands(opening):
    assert strength(f"{opening} deadlock?", "deadlock") == 1.0


TEXT = st.lists(
    st.sampled_from(sorted(words("not but if , while although urged to talks on may ( ) ? who rejected the deal is")))
).map(" ".join)


@settings(deadline=None)
@given(TEXT)
def test_a_scope_covers_every_token(text):
    tokens = tokenize(text)
    scope = read_scope(tokens)
    assert len(scope.segment) == len(scope.weight) == len(tokens)
    assert scope.segment == sorted(scope.segment)
    assert all(0 < weight <= 1 for weight in scope.weight)
    assert len(scope.hedge) == len(scope.negated) == len(scope.nominal) == len(tokens)
    assert all(0 < hedge <= 1 for hedge in scope.hedge)
    assert scope.contrast == -1 or tokens[scope.contrast] == "but"


@settings(deadline=None)
@given(TEXT)
def test_negations_are_counted_within_their_segment(text):
    """Setting a comma before a word frees it from every negation."""
    tokens = tokenize(text)
    scope = read_scope([*tokens, ",", "rejected"])
    assert not scope.negated[len(tokens) + 1]


def test_a_negation_reaches_five_words():
    text = ["they", "not", "a", "b", "c", "d", "e", "f"]
    assert read_scope(text).negated == [False, False, True, True, True, True, True, False]


def test_before_a_subject_it_reaches_ten():
    negated = read_scope(["no", *"abcdefghijkl"]).negated
    assert negated == [False, *[True] * 10, False, False]


def test_as_at_the_start_is_read_by_what_follows_it_alone():
    """What ends a sentence does not stand before its first word."""
    assert read_scope(["as", "talks", "go", "on", "they", "know", "such"]).weight[0] < 1
    assert read_scope(["as", "president", "he", "knows", "such"]).weight[0] == 1


def test_a_topic_within_a_topic_begins_none():
    """So seven words from the first "debate" on, and no more, are what it is about."""
    tokens = "they debate a debate of it at noon on Monday and more"
    weights = read_scope(tokenize(tokens)).weight
    assert [k for k, weight in enumerate(weights) if weight < 1] == list(range(1, 9))


def test_an_appeal_outdoes_a_topic_and_the_verb_itself_is_free():
    weights = read_scope(["talks", "on", "who", "urged", "them", "to", "debate", "it", ",", "and", "so"]).weight
    assert weights[3] == read_scope(["who"]).weight[0]
    assert set(weights[4:8]) == {APPEAL}
    assert weights[8:] == [1.0] * 3


@settings(deadline=None)
@given(st.lists(TEXT, max_size=5))
def test_sentences_read_together_are_read_as_each_is_alone(texts):
    sentences = [tokenize(text) for text in texts]
    assert list(Scopes(Tokens.of(sentences))) == [read_scope(tokens) for tokens in sentences]
