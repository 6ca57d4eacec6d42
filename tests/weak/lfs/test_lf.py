"""What a labeling function is, and how a Python function becomes one."""

import pytest

from pipeline.base.errors import InputError, LFError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL
from pipeline.weak.lfs.lf import ANY, LF, labeling_function, lf_of, prior_accuracies
from pipeline.weak.lfs.parse import Parse


def well_wishers(parse: Parse) -> int:
    """Good wishes
    are friendly.
    """
    return AGREEMENT if "wishes" in parse.tokens else ABSTAIN


def mark(function=well_wishers, **given):
    return labeling_function(**{"stance": "agreement", "rule": "4", "fires": ["a"], "quiet": ["b"], **given})(function)


def test_a_marked_function_carries_its_labeling_function():
    lf = lf_of(mark(strength=0.5))
    assert (lf.name, lf.stance, lf.strength) == ("well_wishers", AGREEMENT, 0.5)
    assert lf.why == "Good wishes are friendly."
    assert (lf.fires, lf.quiet, lf.function) == (("a",), ("b",), well_wishers)


def test_the_words_a_function_needs_are_kept_in_order_whatever_the_hash_seed():
    assert lf_of(mark(needs={"wish", "hope", "luck"})).needs == ("hope", "luck", "wish")


@pytest.mark.parametrize("needs", ["wishes", [1]])
def test_what_a_function_needs_is_words(needs):
    with pytest.raises(LFError, match=r"LF 'well_wishers': bad field 'needs'; expected words"):
        mark(needs=needs)


def test_marking_leaves_the_function_itself():
    assert mark() is well_wishers


@pytest.mark.parametrize("value", [None, 3, len, "labeling_function"])
def test_what_is_not_marked_is_no_labeling_function(value):
    assert lf_of(value) is None


def test_an_unknown_stance_is_named_with_the_nearest():
    with pytest.raises(InputError, match=r"LF 'well_wishers': unknown stance.*Did you mean 'agreement'"):
        mark(stance="agrement")


def test_a_function_says_why_it_is_right():
    with pytest.raises(LFError, match="LF '<lambda>': labeling function without a docstring"):
        mark(lambda parse: 0)


@pytest.mark.parametrize("strength", [0, -0.5, 1.5, float("nan"), "high", None])
def test_a_strength_is_above_0_and_up_to_1(strength):
    with pytest.raises(LFError, match="LF 'well_wishers': bad field 'strength'; expected a number above 0 and up to 1"):
        mark(strength=strength)


@pytest.mark.parametrize("accuracy", [0, 1, -0.5, 1.5, float("nan"), "high"])
def test_an_accuracy_lies_between_0_and_1(accuracy):
    with pytest.raises(LFError, match="LF 'well_wishers': bad field 'accuracy'; expected a number between 0 and 1"):
        mark(accuracy=accuracy)


def test_an_accuracy_that_is_said_is_believed():
    assert prior_accuracies([lf_of(mark(accuracy=0.9)), lf_of(mark())]) == [0.9, 0.8]


def test_a_name_may_be_given():
    assert lf_of(mark(name="wishes_2")).name == "wishes_2"


@pytest.mark.parametrize("name", ["", "Wishes", "2_wishes", "well-wishers", 3])
def test_a_name_is_written_as_in_files(name):
    with pytest.raises(LFError, match="bad field 'name'; expected lower-case letters, digits and _, a letter first"):
        mark(name=name)


@pytest.mark.parametrize("rule", ["", " ", 8, None])
def test_a_rule_of_the_codebook_is_named(rule):
    with pytest.raises(LFError, match="LF 'well_wishers': bad field 'rule'; expected a rule of the codebook; got "):
        mark(rule=rule)


@pytest.mark.parametrize("field", ["fires", "quiet"])
@pytest.mark.parametrize("value", ["abc", ["abc", 3], None])
def test_examples_are_a_list_of_sentences(field, value):
    with pytest.raises(LFError, match=f"'well_wishers': bad field '{field}'; expected a list of sentences; got "):
        mark(**{field: value})


def test_neutral_cues_are_believed_less_than_those_of_a_stance():
    made = [LF("a", stance, "rule", "why", "here") for stance in (AGREEMENT, NEUTRAL)]
    sure, less_sure = prior_accuracies(made)
    assert 1 > sure > less_sure > 0.5


def test_what_an_lf_is_believed_to_know_can_be_said():
    made = [LF("a", stance, "rule", "why", "here", prior_accuracy=0.7) for stance in (AGREEMENT, NEUTRAL, ANY)]
    assert prior_accuracies(made) == [0.7] * 3
