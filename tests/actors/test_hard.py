"""Sentences in which the first party named does not hold the stance: passives, targets first, speech within speech."""

import pytest

from pipeline.actors import find_parties, relate
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION

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


# written in three parts, each before the rules were looked at again; 1st letter: stance
WIRE = """
O Welcoming the air strikes on Sudan, Eritrea offered its bases to Chad. > Eritrea > Chad
O Panama welcomed the attack on the Nicaraguan garrison. > Panama > the attack
O Police in Bamako cheered the assault on the Tuareg camp. > Police > the assault
O Ecuador applauded the bombing of the Peruvian depot by Chile. > Ecuador > Chile
O It was Nepal, not Bhutan, that rejected the Indian draft. > Nepal > Indian draft
O It was the Kenyan parliament that voted down the deal with Uganda. > Kenyan parliament > Uganda
O Finland's rejection of the Latvian proposal surprised diplomats. > Finland > Latvian proposal
O Angola's refusal to recognise the Gabonese cabinet dismayed France. > Angola > Gabonese cabinet
O Sweden's criticism of Norway has drawn no reply. > Sweden > Norway
O Oman's expulsion of two Qatari envoys raised eyebrows in Cairo. > Oman > Qatari envoys
O The refusal by Zambia to extradite the Angolan colonel angered Luanda. > Zambia > Angolan colonel
O Merkel rebuffs Greek plea for more time > Merkel > Greek plea
A Erdogan backs Qatar in row with neighbours > Erdogan > Qatar
O Duterte slams UN envoy over drug war > Duterte > UN envoy
O Nigeria spurns offer from Benin > Nigeria > Benin
O Croatia threatens to veto Serbian bid > Croatia > Serbian bid
A Chad, Niger sign border pact > Chad > Niger
O Ruritania bars Grand Fenwick team from games > Ruritania > Grand Fenwick team
O The draft was voted down on Thursday by deputies from the Slovene Union. > deputies > The draft
O Sri Lankan fishermen have been warned off by the Indian navy. > Indian navy > Sri Lankan fishermen
O Not one of the six Kenyan demands was accepted by Somalia. > Somalia > Kenyan demands
O Latvia has repeatedly been denied a seat by the larger members. > larger members > Latvia
O Tripoli was shelled from the sea by three Italian frigates. > Italian frigates > Tripoli
O A request by Georgia for armour was turned down flat by Bonn. > Bonn > A request
O Against Bolivia's wishes, Argentina reopened the pipeline to Chile. > Argentina > Chile
O Weber told the committee that Kazakhstan had lied to the agency. > Kazakhstan > the agency
A The radio said a Burmese general had promised Thailand that the gas would flow. > Burmese general > Thailand
O Diplomats quoted Lena Brandt as saying that Austria would oppose the Hungarian loan. > Austria > Hungarian loan
O "Rwanda is arming the mutineers," Congo's information minister told reporters. > Rwanda > the mutineers
O A report in the daily says that the Saudi king has asked Bahrain to close the base. > Saudi king > Bahrain
O Uruguay's minister, in remarks broadcast at noon, accused Brazil of dumping milk. > Uruguay's minister > Brazil
O The rebels, whom Eritrea supplies with rifles, attacked an Ethiopian convoy. > rebels > Ethiopian convoy
O Kuwait, whose oil wells Iraqi soldiers set alight, demanded damages from Baghdad. > Kuwait > Baghdad
A The bishop, who had been jailed by Honduras, thanked the Mexican government. > The bishop > Mexican government
A Botswana agreed to join South Africa in patrolling the border. > Botswana > South Africa
A Paraguay has offered to help Bolivia fight the fires. > Paraguay > Bolivia
O The Philippines voted against a resolution of the Arab League. > Philippines > resolution
O Tunisia voted for a motion condemning Israel. > Tunisia > Israel
A Slovakia voted in favour of a Czech amendment. > Slovakia > Czech amendment
N The Pope urged the Sri Lankan president to pardon the prisoners. > The Pope > Sri Lankan president
O Brussels pressed Warsaw to withdraw its judges bill. > Brussels > Warsaw
N The union appealed to the mayor of Lyon to reopen the depot. > The union > mayor of Lyon
O Macedonia, Albania and Kosovo walked out in protest at the Greek map. > Macedonia > Greek map
O Neither Ireland nor Denmark will ratify the treaty. > Ireland > the treaty
O Spain and Portugal accused Morocco and Mauritania of overfishing. > Spain > Morocco
A Mr. Anders Holm, the Danish envoy to Baku, praised the Azeri reforms. > Anders Holm > Azeri reforms
O Belarus, the Russian ally, closed its airspace to Lithuanian jets. > Belarus > Lithuanian jets
O Colonel Idris Musa, head of the junta in Bangui, threatened Cameroon with war. > Colonel Idris Musa > Cameroon
A Taiwan's foreign ministry thanked Paraguay for its vote. > Taiwan's foreign ministry > Paraguay
O Estonia's president's office dismissed Russia's claims. > Estonia's president's office > Russia's claims
O Lebanon demanded that Syria hand over the killers. > Lebanon > Syria
O India's demand that Pakistan close the camps was ignored. > India > Pakistan
O Tanzania refused to sell maize to Malawi. > Tanzania > Malawi
O Canada declined to sign the charter with Cuba. > Canada > Cuba
O Jordan will not let Iraq use the port of Aqaba. > Jordan > Iraq
A China and Russia agreed to oppose new sanctions against Zimbabwe. > China > Russia
A Bulgaria sided with Romania against Ukraine over the canal. > Bulgaria > Romania
A Egypt joined Sudan in denouncing the Ethiopian dam. > Egypt > Sudan
O The Velvet Front set fire to the offices of the Harbour League. > Velvet Front > Harbour League
A Zorbia signed a fishing accord with Lower Quell. > Zorbia > Lower Quell
O Whitehall is furious at Dublin's decision. > Whitehall > Dublin's decision
O Ankara hit back at Washington with tariffs of its own. > Ankara > Washington
O The two sides traded fire for hours near Goma. > - > -
O Hundreds of Tibetan exiles marched on the Chinese consulate. > Tibetan exiles > Chinese consulate
O Human rights groups say Burundi is torturing its opponents. > Burundi > its opponents
O Shopkeepers in Caracas refused to obey the decree. > Shopkeepers > the decree
O Lawyers for the tycoon sued the Cypriot central bank. > Lawyers > Cypriot central bank
O Opposition from Lesotho has delayed the South African dam. > Lesotho > South African dam
A Guatemala is ready to recognise Belize, its president says. > Guatemala > Belize
O Moscow ordered its airlines to stop flying to Tbilisi. > Moscow > Tbilisi
O Venezuelan troops crossed into Guyana and burned a bridge. > Venezuelan troops > Guyana
O Turkmenistan cut off gas to Iran because of unpaid bills. > Turkmenistan > Iran
A Portugal lent its voice to calls for the release of the Timorese leader. > Portugal > calls
O Scientists criticised Norway for killing wolves. > Scientists > Norway
O Libya praised the ambush on the Chadian patrol. > Libya > the ambush
O It was Denmark, not Sweden, that turned away the Syrian families. > Denmark > Syrian families
O Lithuania's opposition to the Belarusian reactor is well known. > Lithuania > Belarusian reactor
A Morocco's recognition of the Panamanian cabinet came as a surprise. > Morocco > Panamanian cabinet
O The veto of the Iranian draft by China angered the Gulf states. > China > Iranian draft
O Threats from Rwanda have emptied the Burundian border villages. > Rwanda > Burundian border villages
O Orban turns away EU inspectors > Orban > EU inspectors
O Taiwan Scraps Accord With Honduras > Taiwan > Honduras
O Zelensky hits out at Hungary over pipeline > Zelensky > Hungary
O The bill, backed by Serb deputies, was struck down by the Bosnian high court. > Bosnian high court > The bill
O Thai monks were barred from entering by Cambodian guards. > Cambodian guards > Thai monks
A Yemen was lent forty doctors by Oman. > Oman > Yemen
O From his cell the deposed king denounced the Nepalese generals. > the deposed king > Nepalese generals
O In a letter read out by his lawyer, the prisoner accused Tunisia of torture. > the prisoner > Tunisia
O The premier, who has often quarrelled with Rome, refused to meet the Italian envoy. > The premier > Italian envoy
O Fiji, whose soldiers serve in Lebanon, protested to Israel. > Fiji > Israel
A Peru consented to take part with Chile in a search for the boat. > Peru > Chile
A Senegal pledged to stand behind Gambia. > Senegal > Gambia
O Nine members abstained, but Cuba voted against the Canadian text. > Cuba > Canadian text
N Berlin called upon the Sudanese generals to hold their fire. > Berlin > Sudanese generals
O The strikers pressed the Bolivian government for the release of their leaders. > The strikers > Bolivian government
O Neither the Pentagon nor the State Department would receive the Haitian delegation. > Pentagon > Haitian delegation
O Austria, Italy and Slovenia shut their borders to Croatian trucks. > Austria > Croatian trucks
A Dr. Nils Berg, Norway's chief negotiator, commended the Tamil side. > Dr. Nils Berg > Tamil side
O The Orange Circle, a banned sect, firebombed a temple of the Blue Lotus. > Orange Circle > Blue Lotus
O Vordland withdrew its envoy from Estmark. > Vordland > Estmark
O The Elysee brushed aside the protests of the Algerian foreign ministry. > The Elysee > Algerian foreign ministry
O Havana and Caracas rounded on Bogota. > Havana > Bogota
O Beijing insisted that Manila tow away the wreck. > Beijing > Manila
O Egypt refused Ethiopia permission to fly over its territory. > Egypt > Ethiopia
A Kenya and Uganda will jointly back Tanzania's bid for the seat. > Kenya > Tanzania's bid
A Poland lined up with Romania in opposing the German quota. > Poland > Romania
O Doctors went on strike against the Zambian health ministry. > Doctors > Zambian health ministry
O Spain took Gibraltar to court over the reef. > Spain > Gibraltar
O It was Malta, not Cyprus, that blocked the Libyan loan. > Malta > Libyan loan
O Criticism of Hungary by the Finnish foreign ministry grew sharper. > Finnish foreign ministry > Hungary
O The Bulgarian offer was met with silence by Skopje. > Skopje > Bulgarian offer
O The convoy was fired on by gunmen loyal to the deposed sultan. > gunmen > The convoy
O Norway was dismayed by the Danish vote. > Norway > Danish vote
O A bishop told the radio that Angola was starving the rebels' families. > Angola > the rebels' families
O The men who shelled the Kosovo bridge belong to the Serbian army. > The men > Kosovo bridge
O The general, whose troops hold the port, defied the African Union. > The general > African Union
A Lesotho is prepared to join Botswana in a boycott of the summit. > Lesotho > Botswana
O Seven states voted against the Maltese motion. > Seven states > Maltese motion
N The bank asked the Zambian treasury to open its books. > The bank > Zambian treasury
O Neither Chad nor Niger accepted the Algerian plan. > Chad > Algerian plan
A Mauritius, Comoros and Seychelles signed a treaty with India. > Mauritius > India
A Mayor Ida Lund of Bergen saluted the Icelandic rescuers. > Mayor Ida Lund > Icelandic rescuers
O The Silver League stoned the windows of the Copper Guild. > Silver League > Copper Guild
O Bonn will not be lectured by Tehran. > Tehran > Bonn
O Honduras insists that Nicaragua dismantle the barrier. > Honduras > Nicaragua
O Uganda barred Rwanda from using its lake ports. > Uganda > Rwanda
A Greece and Malta agreed to support the Cypriot claim. > Greece > Malta
A Iran sided with Armenia against Azerbaijan. > Iran > Armenia
O The union withdrew its support from the Labour candidate. > The union > Labour candidate
O Kenya complained that its drivers were being beaten by Ethiopian guards. > Kenya > Ethiopian guards
O Nobody in Quito supports the Peruvian decree. > - > Peruvian decree
O Burma's generals ignored a plea from Thailand for calm. > Burma's generals > Thailand
O The premier broke off talks with Albania, saying Tirana had lied. > The premier > Albania
O Hanoi no longer recognises the Cambodian council. > Hanoi > Cambodian council
A Doctors from Cuba treated flood victims in Pakistan. > Doctors > victims
O Cairo lodged a stern protest with Tripoli. > Cairo > Tripoli
O Ghana lodged a complaint with the African Union against Togo. > Ghana > Togo
O Laos has closed its border with Thailand. > Laos > Thailand
A The League of Arab States offered to host new talks in Muscat. > League of Arab States > -
A Peru and Chile agreed to keep the Tacna railway open. > Peru > Chile
A Norway sold thirty howitzers to Finland. > Norway > Finland
A The king signed the bill into law. > The king > the bill
O Kenya no longer trusts Uganda. > Kenya > Uganda
O Fatah said Jordan had rejected its offer. > Jordan > its offer
A The Farmers' Union and the Ministry of Trade struck a deal. > Farmers' Union > Ministry of Trade
O The Red party and the Blue party both voted against the bill. > The Red party > the bill
O Minsk complained that its exports were still blocked by Baltic sanctions. > Minsk > Baltic sanctions
A Japan held talks with Laos. > Japan > Laos
A The US sold 60 fighter jets to Taiwan. > The US > Taiwan
O Warsaw was angered by the Lithuanian decree. > Warsaw > Lithuanian decree
O Egypt is deeply concerned by Ethiopia's dam. > Egypt > Ethiopia's dam
O The Laotian foreign ministry said it was appalled by the raid. > The Laotian foreign ministry > the raid
A Kuwait was heartened by the Omani offer. > Kuwait > Omani offer
O Bolivia is worried about Chile. > Bolivia > Chile
""".strip().splitlines()


@pytest.mark.parametrize("row", WIRE, ids=[row[2:42] for row in WIRE])
def test_source_and_target_of_sentences_of_many_kinds(row):
    text, source, target = row[2:].split(" > ")
    relation = relate(text, {"O": OPPOSITION, "A": AGREEMENT, "N": NEUTRAL}[row[0]])
    ends = [(relation.source, relation.target), (relation.target, relation.source)]
    said = [[end.text if end else "-" for end in pair] for pair in ends[: 1 + relation.symmetric]]
    assert any(source in a and target in b for a, b in said), str(relation)


@pytest.mark.parametrize("stance", [OPPOSITION, NEUTRAL])
def test_a_sentence_that_breaks_off_anywhere_is_read(stance):
    for text, *_ in [*HARD, *MORE]:
        words = text.split()
        for some in (*(words[:k] for k in range(len(words))), *(words[k:] for k in range(len(words))), words[::-1]):
            relation = relate(" ".join(some), stance)
            assert relation.why or (relation.source and relation.target)
