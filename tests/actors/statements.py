"""Statements of a few sentences, for tests of the ledger."""

from pipeline.actors import Statement, relate
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION


def statement(text, stance, date="1974-05-02", story="a", article=None, at=0):
    return Statement(story, article or story, f"{article or story}:{at}", date, stance, text, relate(text, stance))


STATEMENTS = [
    statement("Norway condemned Iceland.", OPPOSITION),
    statement("Norway condemned Iceland.", OPPOSITION, article="copy of a"),  # a near-duplicate: the same story
    statement("Norway rejected the Icelandic offer.", OPPOSITION, story="b"),
    statement("Norway urged Iceland to wait.", NEUTRAL, story="b", at=1),
    statement("Norway welcomed the Icelandic offer.", AGREEMENT, story="c", date="1974-06-01"),
    statement("Kenya and Uganda agreed on a railway.", AGREEMENT, story="d", date=""),
    statement("Three men condemned two women.", OPPOSITION, story="e"),  # no names: no pair
    statement("He condemned Iceland.", OPPOSITION, story="e", at=1),  # nobody says who he is
]
