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


# written after the rules, to measure them: 28 of these 60 were right at first
MORE_PASSIVE = [
    (
        "The Estonian ferry was boarded and searched by Russian marines off Tallinn.",
        "Russian marines",
        "Estonian ferry",
    ),
    ("A Kenyan bishop was arrested and later tortured by the Burundian police.", "Burundian police", "Kenyan bishop"),
    ("Two Danish reporters were jailed in Cameroon on Friday.", "Cameroon", "Danish reporters"),
    (
        "Omar Sesay was freed on Monday after Gambian President Lamin Touray pardoned him.",
        "Gambian President",
        "Omar Sesay",
    ),
    ("The miners were evicted when the Zambian army stormed their camp.", "Zambian army", "miners"),
    ("A motion against Portugal was tabled in Geneva by Angola and Mozambique.", "Angola", "Portugal"),
    ("Nepal's new map has been denounced by Indian officials as a provocation.", "Indian officials", "Nepal's new map"),
    (
        "The Maltese captain had been warned several times by the Tunisian coastguard.",
        "Tunisian coastguard",
        "Maltese captain",
    ),
    ("No Cuban delegate was invited to the summit by Brazil.", "Brazil", "Cuban delegate"),
    ("The senator's remarks were quickly disowned by the Slovak government.", "Slovak government", "senator's remarks"),
    (
        "Peru's fishing fleet is being kept out of the bay by Chilean gunboats.",
        "Chilean gunboats",
        "Peru's fishing fleet",
    ),
    ("The appeal of the Somali clan elders was ignored by Ethiopia.", "Ethiopia", "appeal of the Somali clan elders"),
    (
        "Four Turkish drivers, held since May, were released by Iraqi militiamen at dawn.",
        "Iraqi militiamen",
        "Turkish drivers",
    ),
    ("The airport was seized from government troops by Tuareg rebels.", "Tuareg rebels", "airport"),
    ("The Libyan loan was approved by Austria, but the Greek one was vetoed.", "Austria", "Libyan loan"),
    ("Heavy fines were imposed on Japanese banks by Osaka Exchange.", "Osaka Exchange", "Japanese banks"),
    (
        "The Georgian minister was praised by his Polish counterpart for his courage.",
        "Polish counterpart",
        "Georgian minister",
    ),
    ("Supporters of Rwanda were chased away by Ugandan guards.", "Ugandan guards", "Supporters of Rwanda"),
    ("Panama was assured by the United States that the canal would stay open.", "United States", "Panama"),
    ("The border town was hit by rockets fired by Yemeni gunmen.", "Yemeni gunmen", "border town"),
]
MORE_TARGET_FIRST = [
    ("Morocco lost the backing of Senegal.", "Senegal", "Morocco"),
    ("Albania gained recognition from Norway on Sunday.", "Norway", "Albania"),
    ("Togo's bid was met with scorn from Ghana.", "Ghana", "Togo's bid"),
    ("The Irish proposal ran into resistance from Denmark.", "Denmark", "Irish proposal"),
    ("Uganda has come under pressure from Kenya to close its camps.", "Kenya", "Uganda"),
    ("To the Bolivian government, Paraguay sent a formal protest.", "Paraguay", "Bolivian government"),
    ("Against Mali the union imposed a blockade.", "union", "Mali"),
    ("Mongolia earned a rebuke from China for hosting the monk.", "China", "Mongolia"),
    ("Niger is under attack by gunmen from Chad.", "gunmen", "Niger"),
    ("The Bhutanese king received congratulations from Indian leaders.", "Indian leaders", "Bhutanese king"),
    ("It was Bulgaria that Serbia blamed for the delay.", "Serbia", "Bulgaria"),
    ("Among the critics of Armenia is Georgia, which rejected its map.", "Georgia", "Armenia"),
    ("Barbados has no better friend than Canada, which backs its bid.", "Canada", "its bid"),
    ("Zambia's plea for grain was answered by Malawi.", "Malawi", "Zambia's plea"),
    ("Samoa won the right to fish from Tonga.", "Tonga", "Samoa"),
    ("Syria remains a target of Jordanian sanctions.", "Jordanian", "Syria"),
    ("Despite pleas from Croatia, Slovenia closed the crossing to Croatian lorries.", "Slovenia", "Croatian lorries"),
    ("The Omani ruler was given a warm welcome by Kuwait.", "Kuwait", "Omani ruler"),
    ("Burundi got a stern warning from the African Union.", "African Union", "Burundi"),
    ("Liberia owes its freedom to Ghanaian troops, whom it thanked.", "Liberia", "Ghanaian troops"),
]
MORE_NESTED = [
    ("Envoys say that Algeria has told Mali that it will not recognise the junta.", "Algeria", "Mali"),
    ('"Iceland will never accept the quota," the minister told Danish radio.', "Iceland", "quota"),
    ("The ambassador said on Tuesday that Finland had turned down the Latvian request.", "Finland", "Latvian request"),
    ("Ugandan radio quoted an officer as saying Rwanda had shelled a village.", "Rwanda", "village"),
    ("Witnesses said that soldiers loyal to Chad attacked the Sudanese post.", "soldiers", "Sudanese post"),
    ("A spokesman for the rebels claimed that Ethiopia bombed their base.", "Ethiopia", "their base"),
    ("Qatar, the paper said, has cut its ties with Bahrain.", "Qatar", "Bahrain"),
    ("The United Nations said that Chad's army had burned three hamlets.", "Chad's army", "three hamlets"),
    ("Hungary, said Anton Weber, supports the Serbian bid.", "Hungary", "Serbian bid"),
    ("Norway's premier said that if Sweden refuses, Finland will block the deal.", "Finland", "deal"),
    ("Lima denied that it had threatened Ecuador.", "Lima", "Ecuador"),
    ("The general told the court that Liberia had armed the fighters.", "Liberia", "fighters"),
    ("Cyprus complained that Turkey was drilling in its waters.", "Cyprus", "Turkey"),
    ("The minister said Poland would stand by Ukraine whatever the cost, Polish radio reported.", "Poland", "Ukraine"),
    ("Kuwait was told by Iraq that it must withdraw its claim.", "Iraq", "Kuwait"),
    ("Sources in Riga said Lithuania is ready to sign the Estonian treaty.", "Lithuania", "Estonian treaty"),
    ("Asked about the raid, Weber said Jordan condemns it and stands with Egypt.", "Jordan", "Egypt"),
    ("Nobody believes that Spain will give in to Morocco, the paper wrote.", "Spain", "Morocco"),
    ("Officials said they had proof that Eritrea trained the gunmen.", "Eritrea", "gunmen"),
    ('"We reject the offer of Colombia," said the president of Venezuela.', "We", "offer of Colombia"),
]
NOT_YET = [
    "Among the critics of Armenia is Georgia, which rejected its map.",
    "Samoa won the right to fish from Tonga.",
    "The Omani ruler was given a warm welcome by Kuwait.",
    "Liberia owes its freedom to Ghanaian troops, whom it thanked.",
    "A spokesman for the rebels claimed that Ethiopia bombed their base.",
    "Asked about the raid, Weber said Jordan condemns it and stands with Egypt.",
]

HARD = [*PASSIVE, *TARGET_FIRST, *NESTED]
MORE = [*MORE_PASSIVE, *MORE_TARGET_FIRST, *MORE_NESTED]


def right(source, target, found):
    return source is not None and target is not None and found[0] in source.text and found[1] in target.text


KNOWN = [*HARD, *(row for row in MORE if row[0] not in NOT_YET)]


@pytest.mark.parametrize(("text", "source", "target"), KNOWN, ids=[row[0][:40] for row in KNOWN])
def test_source_and_target_of_hard_sentences(text, source, target):
    relation = relate(text, OPPOSITION)
    assert right(relation.source, relation.target, (source, target)), str(relation)


def test_the_first_party_named_is_seldom_the_source_of_a_hard_sentence():
    """So the sentences above are hard: who takes the first for the source and the second for the target is wrong."""
    for rows in (HARD, MORE):
        named = [[*find_parties(text), None, None][:2] for text, *_ in rows]
        assert sum(right(*ends, found) for ends, (_, *found) in zip(named, rows, strict=True)) <= 0.2 * len(rows)


@pytest.mark.xfail(strict=True, reason="relations that the rules do not find yet")
@pytest.mark.parametrize("text", NOT_YET)
def test_relations_that_are_not_found(text):
    (row,) = [row for row in MORE if row[0] == text]
    relation = relate(text, OPPOSITION)
    assert right(relation.source, relation.target, row[1:])


@pytest.mark.parametrize("stance", [OPPOSITION, NEUTRAL])
def test_a_sentence_that_breaks_off_anywhere_is_read(stance):
    for text, *_ in [*HARD, *MORE]:
        words = text.split()
        for some in (*(words[:k] for k in range(len(words))), *(words[k:] for k in range(len(words))), words[::-1]):
            relation = relate(" ".join(some), stance)
            assert relation.why or (relation.source and relation.target)
