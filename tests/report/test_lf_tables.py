"""The labeling functions' part of the report."""

from pipeline.report.model_page import NAMED, lf_remarks, lf_table, lf_warnings

WARNED = {"name": "wide", "votes": 9, "warnings": ["too broad: it votes on all", "one-sided: so it is"]}
SOUND = {"name": "sound", "votes": 3, "warnings": []}
UNUSED = {"name": "mute", "votes": 0, "warnings": ["never fires on these sentences"]}


def test_lfs_are_ordered_by_coverage():
    """Widest first; a missing coverage counts as none; equal ones by name."""
    lfs = [
        {"name": "c"},
        {"name": "b", "coverage": 0.2},
        {"name": "a", "coverage": 0.2},
        {"name": "d", "coverage": 0.3},
    ]
    assert [row[0] for row in lf_table(lfs).rows] == ["d", "a", "b", "c"]


def test_what_is_known_of_an_lf_stands_in_its_row():
    """Both stances of one that votes for two, both worths with a true minus sign, dashes for what is not known."""
    known = {"name": "a", "stance": "opposition", "votes_for": "opposition/agreement", "coverage": 0.2, "overlap": 0.1}
    known |= {"conflict": 0.05, "alone": 0.02, "correct": 3, "n_gold": 4, "precision": 0.75, "precision_low": 0.3}
    known |= {"precision_high": 0.95, "contribution": 0.0123, "classifier_contribution": -0.0045}
    table = lf_table([known, {"name": "b", "stance": "neutral"}])
    shares, gold = ("20 %", "10 %", "5.0 %", "2.0 %"), ("3 of 4", "0.75 (0.30\u00a0to\u00a00.95)")
    assert table.rows[0] == ("a", "opposition/agreement", *shares, *gold, "0.0123", "−0.0045")
    assert table.rows[1] == ("b", "neutral", *"–" * 8)
    assert table.head[-2:] == ("adds to label model", "adds to classifier")


def test_every_warning_has_a_row_of_its_own():
    """In order of names; LFs that never vote are not among them."""
    table = lf_warnings([WARNED, SOUND, UNUSED, {"name": "a", "votes": 1, "warnings": ["worse than chance: see"]}])
    assert [row[0] for row in table.rows] == ["a", "wide", "wide"]
    assert table.rows[0] == ("a", "worse than chance: see")


def test_remarks_count_lfs_with_warnings_and_name_the_silent():
    """Two warnings of one LF are one LF."""
    first, second = lf_remarks([WARNED, SOUND, UNUSED])
    assert first == "1 labeling function deserves a second look, beyond what chance explains (95 %): wide."
    assert second == "1 labeling function votes on none of these sentences: mute."
    assert lf_remarks([WARNED, {**WARNED, "name": "wider"}])[0].startswith("2 labeling functions deserve")


def test_where_all_is_well_it_is_said():
    (result,) = lf_remarks([SOUND])
    assert result.startswith("No labeling function is too broad, one-sided, redundant or worse than chance")


def test_of_many_unused_lfs_some_are_named():
    """A small corpus wakes few of them."""
    result = lf_remarks([{**UNUSED, "name": f"lf{i:02d}"} for i in range(NAMED + 5)])[1]
    assert result.startswith(f"{NAMED + 5} labeling functions vote on none of these sentences: lf00, lf01")
    assert result.endswith(f"lf{NAMED - 1:02d} and 5 more.")
