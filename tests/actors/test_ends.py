"""Subjects and targets of single verbs."""

import pytest

from pipeline.actors.ends import listed, subject, target
from pipeline.actors.readings import by_agent
from pipeline.actors.sentence import Sentence


def first(text, verb):
    s = Sentence(text)
    return s, next(v for v in range(s.size) if s.kinds[v] in ("VG", "IN", "GE") and s.head(v) == verb)


@pytest.mark.parametrize(
    ("text", "verb", "heads", "rule"),
    [
        ("Peru and Chile left.", "left", ["peru", "chile"], "subject"),
        ("The harbour master of Lima, a friend, left.", "left", ["master"], "subject"),
        ("The ship, which Peru owns, sank.", "sank", ["ship"], "subject"),
        ("Peru agreed to leave.", "leave", ["peru"], "subject"),
        ("Peru came and left.", "left", ["peru"], "subject"),
        ("He left.", "left", ["he"], "pronoun"),
        ("The man who left", "left", ["man"], "relative"),
        ("In Lima left.", "left", [], "no subject"),
        ("As a sign of calm and trust, Peru and Chile left.", "left", ["peru", "chile"], "subject"),
        ("Peru made an offer that would end it.", "end", ["peru"], "subject"),
        ("The treaty, signed in Rome, failed.", "failed", ["treaty"], "subject"),
    ],
)
def test_subject(text, verb, heads, rule):
    s, v = first(text, verb)
    found, how = subject(s, v)
    assert [s.head(i) for i in found] == heads
    assert how == rule


@pytest.mark.parametrize(
    ("text", "verb", "heads", "rule"),
    [
        ("Peru attacked Chile and Bolivia.", "attacked", ["chile", "bolivia"], "object"),
        ("Peru called on Chile to wait.", "called", ["chile"], "behind on"),
        ("Peru sent troops to Chile.", "sent", ["chile"], "behind to"),
        ("Peru imposed a curfew in Lima.", "imposed", ["lima"], "place"),
        ("Peru rejected accusations by Chile.", "rejected", ["chile"], "owner"),
        ("Peru rejected the Chilean offer to Bolivia.", "rejected", ["offer"], "proposal"),
        ("Peru waited.", "waited", [], "no target"),
        ("Peru waited", "waited", [], "no target"),
        ("Peru voted in favour of Chile.", "voted", ["chile"], "behind of"),
        ("Peru marched in retaliation for the raid.", "marched", ["raid"], "behind for"),
        ("Peru joined the boycott against Chile.", "joined", ["chile"], "behind against"),
        ("Peru claimed responsibility for the raid.", "claimed", ["raid"], "thing behind for"),
        ("Peru voiced doubts about admitting the men.", "voiced", ["men"], "behind about"),
        ("Peru is responsible for a raid in Chile.", "is", ["chile"], "place"),
        ("Peru condemned the use of force by Chile.", "condemned", ["chile"], "owner"),
        ("Peru refused to recognise the result.", "refused", ["result"], "thing"),
        ("Peru is a harsh critic of Chile.", "is", ["chile"], "behind of"),
        ("Peru carried out raids, mainly on Chile.", "carried", ["chile"], "behind on"),
        ("Peru voiced optimism the vote could help Chile.", "voiced", ["vote"], "thing behind that"),
        ("Peru returned two ships to Chile.", "returned", ["chile"], "behind to"),
        ("Peru gave Chile two ships.", "gave", ["chile"], "object"),
        ("Peru found Chile guilty.", "found", ["guilty"], "object"),
        ("Peru is wary of Chile.", "is", ["chile"], "behind of"),
        ("Peru voiced regret over the noise.", "voiced", ["noise"], "thing behind over"),
        ("Peru pledged support for the plan.", "pledged", ["plan"], "behind for"),
        ("Peru imposed a curfew in parts of Chile.", "imposed", ["parts"], "place"),
        ("Peru closed its borders with Chile.", "closed", ["chile"], "behind with"),
        ("Peru left, protesting the Chilean plan.", "left", ["plan"], "proposal"),
        ("Peru presented the paper the ministers of Chile will sign.", "presented", [], "no target"),
        ("Peru discussed Bolivia with Chile.", "discussed", ["chile"], "behind with"),
        ("Peru remained on alert.", "remained", [], "no target"),
        ("Peru joined forces with Chile.", "joined", ["chile"], "behind with"),
        ("Peru denied the charge that Chile was hit.", "denied", ["charge"], "proposal"),
        ("Peru made a portrait of itself.", "made", [], "no target"),
        ("Peru condemned the killing of two Chileans by gunmen.", "condemned", ["killing"], "proposal"),
        ("Peru spent 30 dollars.", "spent", [], "no target"),
    ],
)
def test_target(text, verb, heads, rule):
    s, v = first(text, verb)
    found, how = target(s, v)
    assert [s.head(i) for i in found] == heads
    assert how == rule


def test_agents_and_lists():
    s, v = first("The bill was blocked on Friday by Peru, Chile and Bolivia.", "blocked")
    assert [s.head(i) for i in by_agent(s, v)] == ["peru", "chile", "bolivia"]
    assert [s.head(i) for i in listed(s, 0)] == ["bill"]
