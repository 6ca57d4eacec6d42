"""Dates as people write them: which are understood, and what is said of the others."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from pipeline.base.logs import counted

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d/-]|\.\d)")
_FORMS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y"),
    *("%d-%B-%Y", "%d-%b-%Y", "%Y %B %d", "%Y %b %d", "%B %Y", "%b %Y"),
)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,\s]\s*", re.I)
_TIME = re.compile(r",?\s+(?:at\s+)?\d\d?:\d\d.*", re.I | re.S)
_MARKS = re.compile(r",|\.(?=\s|$)|(?<=\d)(?:st|nd|rd|th)\b|(?<=\bsep)t\b|(?<=[a-z])\.(?=\d)", re.I)


def date_of(date: str) -> str:
    """Return a date as "1987-04-02", "1987-04" or "1987", as much of it as is given; "" where it is not understood.

    Days by numbers are understood with the year first, or day first with points between. "02/03/1987" is not: it has
    the month first or the day, and nothing says which.
    """
    date = _EIGHT_DIGITS.sub(r"\1-\2-\3", date) if _EIGHT_DIGITS.fullmatch(date.strip()) else date
    if iso := _ISO.match(date.strip()):
        try:
            datetime(int(iso[1]), int(iso[2] or 1), int(iso[3] or 1))
        except ValueError:  # no such month or day
            return ""
        return "-".join(filter(None, iso.groups()))
    words = " ".join(_MARKS.sub(" ", _TIME.sub("", _WEEKDAY.sub("", date.strip(), count=1))).split())
    for form in _FORMS:
        try:
            return f"{datetime.strptime(words, form):{'%Y-%m-%d' if '%d' in form else '%Y-%m'}}"
        except ValueError:
            continue
    try:
        return f"{parsedate_to_datetime(date):%Y-%m-%d}"
    except (ValueError, TypeError, IndexError):
        return ""


def unread_dates(dates: Mapping[str, str]) -> list[str]:
    """Return "article: date" for each article, of dates by article, that has one which is not understood."""
    return [f"{article}: {date}" for article, date in dates.items() if date and not date_of(date)]


def say_unread(dates: Mapping[str, str]) -> str:
    """Return in one line how many dates, of those by article, are not understood, and the first; "" for none."""
    if not (unread := unread_dates(dates)):
        return ""
    many = f"{counted(len(unread), 'article')} with a date that is not understood, left out of the time line"
    return f"{many} ({'the first is ' * (len(unread) > 1)}{unread[0]}); write dates as 1987-04-02"
