"""Errors: one sentence that says what, where, expected, got and remedy, whatever becomes of the error."""

import pickle

import numpy as np
import pandas as pd
import pytest

from pipeline.base import errors
from pipeline.base.errors import (
    ArticleError,
    InputError,
    StanceError,
    check_header,
    check_texts,
    suggest,
)

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, StanceError)]


def test_says_all_that_is_known_in_one_line():
    error = InputError("unknown stance", "gold.jsonl, line 3", expected="a, b", got="'c'", remedy="Did you mean 'b'?")
    assert str(error) == "gold.jsonl, line 3: unknown stance; expected a, b; got 'c'. Did you mean 'b'?"


def test_leaves_out_what_is_not_known():
    assert str(StanceError("it broke")) == "it broke"
    assert str(StanceError("it broke", remedy="Mend it.")) == "it broke. Mend it."
    assert str(StanceError("it broke", got="3")) == "it broke; got 3"


@pytest.mark.parametrize("kind", KINDS)
def test_survives_the_way_back_from_another_process(kind):
    """joblib and multiprocessing pickle exceptions: kind, fields and text stay."""
    error = pickle.loads(pickle.dumps(kind("what", "where", expected="e", got="g", remedy="r")))  # noqa: S301
    assert type(error) is kind
    assert str(error) == "where: what; expected e; got g. r"


def test_bad_input_exits_with_2_and_failure_with_1():
    """A model is input: a file that is read. Failures are a package, a server or data that cannot do what is asked."""
    failures = {StanceError, errors.TrainingError, errors.ExtraError, errors.EndpointError}
    assert {kind: kind("x").exit_code for kind in KINDS} == {kind: 1 if kind in failures else 2 for kind in KINDS}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("agrement", "Did you mean 'agreement'?"),
        ("neutrality", "Did you mean 'neutral'?"),
        ("against", ""),
        ("agree", "Did you mean 'agreement'?"),
        ("oppose", "Did you mean 'opposition'?"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_suggests_the_name_that_was_clearly_meant_or_nothing(name, expected):
    assert suggest(name, ("opposition", "neutral", "agreement")) == expected


@pytest.mark.parametrize(("name", "expected"), [("c", "Did you mean 'C'?"), ("NGRAM_MAX", "Did you mean 'ngram_max'?")])
def test_a_name_in_another_case_is_the_nearest(name, expected):
    assert suggest(name, ("family", "C", "ngram_max")) == expected


def test_two_columns_of_one_name_are_named_with_their_places():
    """One of them would be read in silence, and the other lost."""
    match = r"^a\.csv, line 1: two columns are called 'text'; expected one of each name; got columns 1 and 3\. Rename"
    with pytest.raises(InputError, match=match):
        check_header(["text", "n", "text"], "a.csv, line 1")
    with pytest.raises(ArticleError, match="two columns are called 'n'"):
        check_header(["n", "n"], "a.csv", ArticleError)


def test_columns_without_a_name_may_be_several():
    """Spreadsheets save empty columns so; and case tells names apart."""
    check_header(["text", "", "", "Text"], "a.csv")


def test_texts_come_as_any_iterable_of_strings():
    assert check_texts(text for text in ("a", "")) == ["a", ""]


def test_what_is_no_string_is_named_by_its_position():
    with pytest.raises(InputError, match=r"sentence 2: not a string.*NoneType"):
        check_texts(["a", "b", None])
    with pytest.raises(InputError, match="list of sentences"):
        check_texts("a b")


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (None, "not a list of sentences; expected a list of str; got NoneType$"),
        (np.array("It rained."), "not a list of sentences; expected a list of str; got ndarray$"),
        (5, "got int$"),
        ({"text": ["a"]}, "got dict$"),
        ({"a", "b"}, "got set$"),
        (pd.DataFrame({"text": ["a"]}), r"got DataFrame\. Give one column of it\.$"),
    ],
    ids=["None", "0-d array", "int", "dict", "set", "DataFrame"],
)
def test_what_is_no_list_of_sentences_is_named(given, match):
    """A table or a dict would give its columns, a set any order."""
    with pytest.raises(InputError, match=match):
        check_texts(given)


def test_a_column_of_a_table_is_a_list_of_sentences():
    assert check_texts(pd.DataFrame({"text": ["a", "b"]})["text"]) == ["a", "b"]


def test_the_opposite_of_a_name_is_no_misspelling_of_it():
    assert suggest("disagreement", ["opposition", "neutral", "agreement"]) == ""
    assert suggest("agrement", ["opposition", "neutral", "agreement"]) == "Did you mean 'agreement'?"
