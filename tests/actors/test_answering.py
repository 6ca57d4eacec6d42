"""Relations of rows that are answered in batches."""

import numpy as np

from pipeline.actors import likely_stances, load_parties, relate_rows
from pipeline.actors.context import stance_cues
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.loading import load_lfs


def test_neutral_must_be_likelier_than_both_stances_together():
    probabilities = np.array([[0.2, 0.6, 0.2], [0.2, 0.45, 0.35], [0.3, 0.4, 0.3], [0.5, 0.3, 0.2], [0, 0.5, 0.5]])
    assert likely_stances(probabilities) == [NEUTRAL, AGREEMENT, OPPOSITION, OPPOSITION, NEUTRAL]
    assert likely_stances(np.empty((0, 3))) == []


def test_cues_are_those_of_the_stance_by_place():
    """Positions count the tokens; a neutral sentence is not searched."""
    texts = ["Norway condemned Iceland.", "Norway welcomed the offer.", "Norway condemned Iceland."]
    opposed, agreed, neutral = stance_cues(texts, [OPPOSITION, AGREEMENT, NEUTRAL], load_lfs())
    assert {position for position, _ in opposed} == {position for position, _ in agreed} == {1}
    assert all(0 < strength <= 1 for _, strength in [*opposed, *agreed])
    assert neutral == []


def test_rows_of_an_article_are_read_together_and_others_alone():
    lfs, parties = load_lfs(), load_parties()
    texts = ["Norway has a new cabinet.", "It condemned Iceland."]
    alone = relate_rows([{"text": text} for text in texts], [NEUTRAL, OPPOSITION], lfs, parties)
    assert alone[1].source.code == ""
    rows = [{"text": text, "article_id": "a"} for text in texts]
    assert relate_rows(rows, [NEUTRAL, OPPOSITION], lfs, parties)[1].source.code == "NOR"
    rows[1]["article_id"] = "b"
    assert relate_rows(rows, [NEUTRAL, OPPOSITION], lfs, parties)[1].source.code == ""
    whole = relate_rows([{"text": text} for text in texts], [NEUTRAL, OPPOSITION], lfs, parties, whole=True)
    assert whole[1].source.code == "NOR"


def test_a_row_without_a_day_is_read_all_the_same():
    rows = [{"text": "Norway condemned Iceland.", "date": "in spring"}, {"text": "", "date": None}]
    assert [
        r.target and r.target.code for r in relate_rows(rows, [OPPOSITION, NEUTRAL], load_lfs(), load_parties())
    ] == [
        "ISL",
        None,
    ]
