"""Verbs and their forms."""

from pipeline.actors import word_classes as verbs


def test_every_form_has_one_class():
    classes = [verbs.AMBIGUOUS, verbs.PLURAL_LIKE, verbs.PASTS, verbs.BASES, verbs.GERUNDS]
    for i, one in enumerate(classes):
        for other in classes[i + 1 :]:
            assert one & other == frozenset()


def test_forms_lead_to_their_verb():
    assert {verbs.LEMMA_OF[form] for form in ("reject", "rejects", "rejected", "rejecting")} == {"reject"}
    assert verbs.LEMMA_OF["met"] == "meet"
    assert verbs.LEMMA_OF["held"] == "hold"
    assert verbs.PREPS["call"] == {"on", "for", "upon"}
