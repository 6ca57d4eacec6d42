"""Dates: which forms are understood, and what is said of the others."""

import pytest

from pipeline.text.dates import date_of, say_unread


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("1987-04-02T10:00:00Z", "1987-04-02"),
        ("1987/04/02", "1987-04-02"),
        ("1987-4-2", "1987-04-02"),
        ("19870402", "1987-04-02"),
        ("2 April 1987", "1987-04-02"),
        ("April 1987", "1987-04"),
        ("April 2, 1987", "1987-04-02"),
        ("02.04.1987", "1987-04-02"),
        ("Thu, 02 Apr 1987 10:00:00 GMT", "1987-04-02"),
        ("1987-04", "1987-04"),
        ("1987", "1987"),
        ("April 2 1987", "1987-04-02"),
        ("Apr. 2, 1987", "1987-04-02"),
        ("2nd April, 1987", "1987-04-02"),
        ("2. April 1987", "1987-04-02"),
        ("Sept. 2, 1987 at 10:00 AM", "1987-09-02"),
        ("Thursday, April 2, 1987", "1987-04-02"),
        ("2-Apr-1987", "1987-04-02"),
        ("1987.04.02", "1987-04-02"),
        ("31.12.1987 23:59", "1987-12-31"),
        ("1987/04/02 10:00", "1987-04-02"),
        ("02/03/1987", ""),
        ("02-03-1987", ""),
        ("31.13.1987", ""),
        ("1987.13.01", ""),
        ("19871301", ""),
        ("198711", ""),
        ("1987-02-31", ""),
        ("31 February 1987", ""),
        ("1987-13", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_a_date_has_the_day_or_month_that_it_names_and_no_other(date, day):
    assert date_of(date) == day


def test_dates_that_are_not_understood_are_counted_and_the_first_is_named():
    dates = {"a": "1987-04-02", "b": "02/03/1987", "c": "", "d": "soon"}
    assert say_unread(dates) == (
        "2 articles with a date that is not understood, left out of the time line "
        "(the first is b: 02/03/1987); write dates as 1987-04-02"
    )
    assert say_unread({"b": "soon"}).startswith("1 article with a date that is not understood, left out")
    assert say_unread({"a": "1987", "c": ""}) == ""
