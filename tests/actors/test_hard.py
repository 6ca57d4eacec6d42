"""Sentences in which the first party named does not hold the stance: passives, targets first, speech within speech."""

import pytest

from pipeline.actors import find_parties, relate
from pipeline.base.stances import NEUTRAL, OPPOSITION

PASSIVE = [
    ("The Bolivian plan has been loudly opposed by Peru and is a source of tension in Lima.", "Peru", "Bolivian plan"),
    ("Two Danish trawlers were seized by Icelandic coastguards on Tuesday.", "Icelandic", "Danish trawlers"),
    ("Ghana was accused by Togo of arming the rebels.", "Togo", "Ghana"),
    ("The ceasefire was welcomed on Monday by the Swedish foreign minister.", "Swedish", "ceasefire"),
    ("Kenya's candidate will be supported by Uganda, officials said.", "Uganda", "Kenya"),
    ("Sanctions against Mali have been lifted by the African Union.", "African Union", "Mali"),
    ("Chile has been invited by Ecuador to join the pact.", "Ecuador", "Chile"),
    ("A Nepalese diplomat was expelled by India last week.", "India", "Nepalese diplomat"),
    ("The treaty, signed in Oslo, was torn up by the new Hungarian government.", "Hungarian", "treaty"),
    ("Fiji was threatened with a boycott by New Zealand.", "New Zealand", "Fiji"),
    ("The village was shelled overnight by Eritrean troops.", "Eritrean", "village"),
    ("The Omani proposal was turned down by Yemen.", "Yemen", "Omani proposal"),
    ("Three Danish nuns were expelled from Benin.", "Benin", "Danish nuns"),
    ("Jordan is said to have been warned by Syria.", "Syria", "Jordan"),
    ("An attack on a Chadian convoy was carried out by Sudanese gunmen.", "Sudanese", "Chadian convoy"),
]
TARGET_FIRST = [
    ("Chile drew sharp criticism from Peru.", "Peru", "Chile"),
    ("Latvia won praise from Finland for its reforms.", "Finland", "Latvia"),
    ("Egypt has the full support of Jordan.", "Jordan", "Egypt"),
    ("Malawi faces a trade embargo from Zambia.", "Zambia", "Malawi"),
    ("Iceland received an apology from the Danish cabinet.", "Danish", "Iceland"),
    ("Serbia came under fire from Croatia over the border posts.", "Croatia", "Serbia"),
    ("For its raid on the port, Oman was condemned by Qatar.", "Qatar", "Oman"),
    ("Moldova was refused entry to the bloc by Austria.", "Austria", "Moldova"),
    ("Belgium met with strong opposition from Poland.", "Poland", "Belgium"),
    ("Tonga enjoys the backing of Samoa.", "Samoa", "Tonga"),
    ("After Laos closed the river, Thailand recalled its envoy from Laos.", "Thailand", "Laos"),
    ("With Cuba silent, Haiti accused the Jamaican army of murder.", "Haiti", "Jamaican army"),
    ("Angola got help from Namibia.", "Namibia", "Angola"),
    ("Gabon has been a target of Chadian attacks.", "Chadian", "Gabon"),
]
NESTED = [
    ("Anton Weber said Norway rejects the Danish treaty.", "Norway", "Danish treaty"),
    ("Weber said that Peru had told him that Chile opposes the pact.", "Chile", "pact"),
    ("A Swedish paper reported that Greece had threatened Malta.", "Greece", "Malta"),
    ("According to French officials, Spain has accepted the Portuguese offer.", "Spain", "Portuguese offer"),
    ("Spain has accepted the Portuguese offer, a French official said.", "Spain", "Portuguese offer"),
    ("Canada believes that Russia will not attack Finland.", "Russia", "Finland"),
    ("The envoy of Oman told reporters that Yemen had violated the truce with Eritrea.", "Yemen", "Eritrea"),
    ("Kenya announced that Uganda had agreed to release two Kenyan sailors.", "Uganda", "two Kenyan sailors"),
    ("Japan said it would sue China.", "Japan", "China"),
    ("Japan said Taiwan must apologise to China.", "Japan", "Taiwan"),
    ("Brazil argued that the Argentine plan would ruin its farmers.", "Brazil", "Argentine plan"),
    ("Weber said he was glad that Peru had signed.", "Weber", "Peru"),
    ("Peru insists that Chile should withdraw.", "Peru", "Chile"),
    ("Ghana hopes that Togo will open the border.", "Ghana", "Togo"),
    ("Weber told a news conference that Chile is calm and that Peru continues to oppose the plan.", "Peru", "plan"),
]


HARD = [*PASSIVE, *TARGET_FIRST, *NESTED]


def right(source, target, found):
    return source is not None and target is not None and found[0] in source.text and found[1] in target.text


@pytest.mark.parametrize(("text", "source", "target"), HARD, ids=[row[0][:40] for row in HARD])
def test_source_and_target_of_hard_sentences(text, source, target):
    relation = relate(text, OPPOSITION)
    assert right(relation.source, relation.target, (source, target)), str(relation)


def test_the_first_party_named_is_seldom_the_source_of_a_hard_sentence():
    """So the sentences above are hard: who takes the first for the source and the second for the target is wrong."""
    named = [[*find_parties(text), None, None][:2] for text, *_ in HARD]
    assert sum(right(*ends, found) for ends, (_, *found) in zip(named, HARD, strict=True)) <= 0.2 * len(HARD)


@pytest.mark.parametrize("stance", [OPPOSITION, NEUTRAL])
def test_a_sentence_that_breaks_off_anywhere_is_read(stance):
    for text, *_ in HARD:
        words = text.split()
        for some in (*(words[:k] for k in range(len(words))), *(words[k:] for k in range(len(words))), words[::-1]):
            relation = relate(" ".join(some), stance)
            assert relation.why or (relation.source and relation.target)
