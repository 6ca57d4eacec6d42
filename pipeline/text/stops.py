"""Which full stops end a sentence, and the abbreviations that do not."""

import re
from typing import NamedTuple

from pipeline.text.quotes import attributes


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# A name, a number or a word follows: the stop never ends a sentence before a capital or a digit.
NEVER = _words(
    "Mr Mrs Ms Mx Messrs Mme Mmes Mlle Dr Drs Prof Profs Rev Revd Fr Hon Rt Esq Sir",
    "Gen Gens Col Cols Lt Lts Maj Capt Cmdr Cdr Comdr Adm Brig Sgt Cpl Pfc Pvt Pte Spc Supt Insp Det",
    "Sen Sens Rep Reps Gov Govs Pres Amb Min Sec Atty Asst Assoc Dep Treas",
    "Mt Mts Ft mr mrs ms dr prof sen rep gen vs v eg ie cf viz",
)

# A number follows: the stop does not end a sentence before a digit, a Roman number or a single letter.
NUMBERED = _words(
    "No Nos no nos N° Nr nr Art Arts art arts Sec sec Sect sect Fig Figs fig figs Vol Vols vol vols Ch ch Chap chap",
    "Para Paras para paras Pt pt Bk bk Op op Ps Doc doc Res res Ref ref Reg reg Tel tel Ext ext Ser ser Cap cap Div",
    "pp p c ca approx est b d r ft lb hr Rs rs Eq eq Resol Cong Stat max min ver av wt Tk Rp Kshs Ksh Shs Cl cl Sch",
)

# Months, days, states, firms, streets and the like: the stop ends a sentence only before a word that begins one.
SOMETIMES = _words(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun",
    "jan feb apr aug sept oct nov dec",
    "Inc Corp Co co Cos Ltd LLC Plc PLC Bros Mfg Intl Assn Assoc Dept Univ Govt Comm Cttee Admin Jr Sr Bhd Pty Natl",
    "St Sts Ste Ave Blvd Rd Hwy Sq Apt Bldg st ave blvd rd Pl Pkwy Ter",
    "Ala Ariz Ark Calif Cal Colo Conn Del Fla Ga Ida Ill Ind Kan Ky La Mass Md Me Mich Minn Miss Mo Mont Neb Nev Okla",
    "Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo Ont Que Alta Sask al Ph",
)

# Titles that are no titles in other languages or are words of their own ("Bro", "Card"): like SOMETIMES.
TITLES = _words(
    "ret retd rtd Res Engr Ing Inż Dipl Arch Arq Lic Licda Licdo Abg Adv Advt Av Atty Sol Solr Mtre Me Dra Dott",
    "Dottssa Mag Doc Mgr Msgr Mons Sra Sras Srta Sres Srs Sig Sigg Dn Dña Da Hr Hrn Frl Fru Frk Vda Smt Shri Sri Km",
    "Kum Pdt Pt Sh Shk Ust Ustaz Hj Hjh Cik Puan Datuk Dato Datin Tun Tan Alh Chf Cde Com Cmde Cdre Comm Commr Commn",
    "Comr Comms Cmdt Comdt Comdr Const Cons Cst Ofc Off Offr Ens Midn Cdt Gnr Bdr Spr Tpr Rfn Gdsm Sgts Capts Drs",
    "Profs Sens Supts Insps Ambs Secs Secy Sect Treas Chmn Chm Chrmn Vchmn Dir Pres Vice Exec Gov Cllr Cllrs Clr Coun",
    "Ald Assemb Asmbly Asm Assy Del Dels Congr Councilm Bp Bps Abp Archbp Card Ven Very Bro Bros Br Brs Sr Fr Frs Dcn",
    "Deac Pr Pstr Past Evang Ev Eld Bt Bart Ld Wg Sqn Flt Plt Gp Cpt Lcdr LCpl SSgt MSgt TSgt GySgt RAdm VAdm LtCol",
    "MajGen LtGen BrigGen Ltc Ltg Bg Mg Spec Sfc Retd Ret Rtd Asst Assoc Adj Princ Rec Prov Vic Can Preb Chanc Chap",
    "Min Dy Addl Jt Hd Sup Kgl Wng Pvts Mmes Mlles Messrs Sgd Mwl Mhe Dkt Eng Arc Esc Ab Barr Pst Bldr Surv Pharm",
    "Thiru Tmt Mohd Acad Doz Prim Sis Sist Hna Hno Pbro Avv Geom Rag Cav Ir Drg Ny Kpt Kapt Olt Oblt Obst Ltn Vors",
    "Präs Stv Cnel Gral Alm Sgto Tte Cmte Dip Gob Lcdo Mtro Mtra Pdte Presb Profa Excmo Ilmo Enga Cel Cne Adjt Gal",
    "Hdm Lect Instr Supv Mshl Commdr Cmndr Agt Dpty Invest Sher Jdg Just Mayr Chev Cte Cpl Lcpl WO Ss",
)

# Words that, with a capital, seldom stand inside a sentence: function words, sentence adverbs and the like.
STARTERS = _words(
    "the a an this that these those it its he his she her they their we our you your i my there here who what when",
    "where why how which whose whether did does is are was were has have had can could would should might must but",
    "and or so yet nor for from in on at by to of with without within after before since until while although though",
    "as if because despite during under over between among amid against about around across along according also",
    "another any all both each either every few many most much more some several such no none not neither nobody",
    "nothing never now then once however meanwhile moreover nevertheless nonetheless still thus therefore instead",
    "even only just like unlike perhaps maybe today tomorrow yesterday earlier later asked questioned speaking let",
    "please one two three four five half nearly almost whatever whenever besides further furthermore indeed anyone",
    "everyone someone everything officials analysts critics reporters ministers diplomats negotiators talks experts",
    "sources supporters opponents aides millions thousands hundreds dozens scores billions people women men children",
    "families voters workers students members protesters residents lawmakers rebels soldiers leaders neighbours",
    "neighbors teachers doctors nurses farmers lawyers judges prosecutors investigators authorities witnesses",
    "activists demonstrators backers allies rivals unions parties countries governments companies investors markets",
    "shares prices traders economists historians scholars journalists envoys commanders militants insurgents gunmen",
    "fighters hostages refugees migrants relatives parents lenders shippers deputies delegates senators councillors",
    "councilors bishops tenants passengers customers drivers miners",
)

# Words before a number or a letter that name a part of a text: "Article 5. Withdrawal of troops."
PARTS = _words(
    "Article Chapter Section Part Rule Clause Annex Title Book Appendix Step Item Point Figure Table Paragraph",
    "Schedule Principle Lesson Question Exhibit Act Scene Verse Canto Volume Module Unit Stage Phase Option Plan",
    "Amendment Protocol",
)

# What agencies write at the end of a report.
END_MARKS = _words("Enditem EndItem Enditems END ENDS Ends ENDIT Endit")

# Starters that are also family names: after an initial ("J. So") they begin no sentence.
NAMES = _words("an so no do like may will i")

# Times of day: words after "a.m." that still belong to it.
AFTER_TIME = _words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August",
    "September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thurs",
    "Fri Sat Sun GMT UTC EST EDT ET CST CDT CT MST MDT PST PDT PT CET CEST BST MSK Eastern Central Mountain Pacific",
)

# Names that end in an exclamation mark.
SHOUTED = _words("Yahoo Jeopardy Yum Oklahoma")

# Ends of internet names, so that "Booking.Com" is not two sentences.
TOP_LEVEL = _words("com org net gov edu mil int info co uk ru eu tv io")

_TOKEN = 40  # characters looked at before and after a stop; a longer token is an address
_DATELINE = 60  # characters; "GENEVA, Jan. 5 (Agency) —" and its like are shorter
_LONGEST_DATELINE = 120
_DATELINE_MARK = re.compile(r"[(/–—]|[ .]--?")

_BEFORE_NAMES = SOMETIMES | TITLES
_ABBREVIATIONS = NEVER | _BEFORE_NAMES
_ABBREVIATED = frozenset(map(str.lower, _ABBREVIATIONS | NUMBERED))
_OPENING = frozenset('"“‘`«')
_CLOSING = frozenset("\"”'’»")
_DASHES = frozenset("—–-")
_GOES_ON = frozenset(",;:.!?…)]%&+/")
_PART_ENDS = re.compile(r'[—–/"“([`_*-]')
_INITIALS = re.compile(r"[^\W\d_](?:[^\W\d_]?(?:\.[^\W\d_]{1,2})+)?")  # J, U.S, Ph.D, N.A.T.O, e.g
_NUMERAL = r"(?:\d{1,3}(?:\.\d{1,2}){0,3}|[A-Za-z]|[IVX]{1,5}|[ivx]{2,5})"
_ENUMERATOR = re.compile(rf"[^\w\s]{{0,2}}\s{{0,2}}(?:(?:{'|'.join(sorted(PARTS))})\s)?{_NUMERAL}\.?\s?")
_AFTER_COLON = re.compile(r"[:;]\s[^\w\s]?[1aAiI]$")  # "The accord says: 1. A truce begins."
_ITEM_AHEAD = re.compile(r"\(?(?:[a-z]|[ivx]{1,4})\)\s")
_REFERENCE = re.compile(r"[IVXLC]+|[A-Z]\d*|\d\w*")
_I_SPEAK = re.compile(r"I\s[a-z]")
_NO_VOWEL = r"(?!Ng\b|.+[A-Z]s\b)(?:[A-Z][b-df-hj-np-tv-xz]{1,4}|[A-Z]{2,3}[a-z]{1,3}|[A-Z][a-z]{1,3}[A-Z][a-z]{1,3})"
_ABBREVIATION_FORM = re.compile(rf"{_INITIALS.pattern}|{_NO_VOWEL}")
_SHORT_WORD = 5  # characters; a longer one is no number in letters
_SHORT = 8  # characters of an enumerator
_LONGEST_FORM = 16  # characters of an abbreviation that is known by its form
_PLURAL = re.compile(r"(?!Ranger|Marine|Custom)[A-Z][a-z]{2,}(?:ers|ors|ists|ants|ents|ians|ees|men)\s[a-z]")
_SHORT_NAME = re.compile(r"[A-Z][a-z]{1,5}")
_PARTICLE = r"(?:on|in|at|of|from|for|the|and|with|by|to|de|van|von|bin|al)"
_VERBLESS = re.compile(rf"[A-Z][\w'’-]*(?:,?\s(?:[A-Z][\w'’-]*|{_PARTICLE}|\d+)){{1,6}}(?:[.!?](?:\s|$)|$)")
_SMALL_QUOTE = re.compile(r"[\"“][a-z]")
_CAPITALS = re.compile(r"[^\w\s]{0,2}[A-Z][A-Z'’-]+\b")
_CLOCK_TIME = re.compile(r"\d\s?[AP]\.M$")
_TIME_FIRST = re.compile(
    r"[^\w\s]{0,2}(?:(?:On|Early on|Late on|Last|This|Next)\s[\w ]{3,14},?\s)?"
    r"(?:[Aa]t|[Bb]y|[Aa]round|[Aa]bout|[Ff]rom|[Uu]ntil|[Ss]ince|[Bb]efore|[Aa]fter|[Ss]hortly)\s[^,]{0,24}$"
)
_CASED_PREFIX = re.compile(r"[a-z]{1,2}[A-Z]|(?:al|el|an|as|ad|ar|at|ash)-[A-Z]")  # iPhone; al-Hayat


_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s\d{{4}})?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_TOWN_WORD = r"(?:(?:St|ST|Ft|FT|Mt|MT)\.|(?:[A-Z]\.){2,4}|[A-ZÀ-Þ][\w'’-]*)"
_TOWN = rf"{_TOWN_WORD}(?:[ /](?:{_TOWN_WORD}|de|la|el|of|and|the|do|da|al)){{0,3}}"
_AGENCY = r"(?:\((?![DRI]-)[A-Z][^()]{1,40}\)|/[A-Z][\w. -]{1,40}/|(?<=\. )[A-Z]\w{3,}(?: [A-Z]\w+){0,2}(?=\.? [–—-]))"
_DATELINE_FORM = re.compile(
    rf"[^\w\s]?{_TOWN}(?:, {_TOWN})?"
    rf"(?:(?:[.,]?\s{_DATE})?[.,]?\s?{_AGENCY}[.:]?|[.,]?\s{_DATE}[.,]?(?=\s?[–—-]))\s?(?:--?|[–—_:])?"
)


class Stop(NamedTuple):
    """One run of stops and what stands around it; offsets are into the paragraph."""

    paragraph: str
    begun: int  # where the sentence that may end here began
    start: int
    mark: str  # the run itself: ".", "?!", ". . ."
    close: int  # end of the run and of the brackets and quotation marks that close after it
    opened: int  # where the quotation that closes there began; `begun` where none does
    gap: bool  # white space follows
    openers: str  # punctuation that opens what follows
    at: int  # where the next word begins
    word: str  # the next word, "" where none follows

    @property
    def before(self) -> str:
        """The token before the stop, without brackets, quotation marks or a hyphenated first part."""
        tokens = self.paragraph[max(self.begun, self.start - _TOKEN) : self.start].split()
        token = tokens[-1] if tokens else ""
        return token if token.isalpha() else _PART_ENDS.split(token)[-1].lstrip("'‘")

    @property
    def quote_closed(self) -> bool:
        """Whether a quotation mark closes right after the stop."""
        return not _CLOSING.isdisjoint(self.paragraph[self.start + len(self.mark) : self.close])

    @property
    def next_start(self) -> int:
        """Where the next sentence begins if one does; dots of omission set apart after a full stop belong to it."""
        if self.mark == ". . . ." and not self.paragraph[self.start - 1].isspace():
            return self.start + 2
        return self.at - len(self.openers)


def dateline_end(paragraph: str) -> int:
    """Return where the dateline ends that a paragraph begins with: a place with an agency or a date; 0 without one."""
    if not _DATELINE_MARK.search(paragraph, 0, _LONGEST_DATELINE):
        return 0
    found = _DATELINE_FORM.match(paragraph, 0, _LONGEST_DATELINE)
    return found.end() if found else 0


def ends_sentence(stop: Stop) -> bool:
    """Return whether a sentence ends at `stop` and another begins after it, in bounded time."""
    if not stop.word or stop.openers[:1] in _GOES_ON:
        return False
    if stop.word[0].islower() and not _begins_small(stop):
        return False
    if (stop.word in END_MARKS or (stop.word == "30" and stop.openers == "-")) and not any(
        map(str.isalnum, stop.paragraph[stop.at + len(stop.word) :])
    ):
        return False
    if stop.mark == "." and stop.gap and not stop.openers and _is_plain(stop):
        return True
    if stop.mark[-1] in "。！？．｡":
        return True
    if stop.paragraph[stop.start - 1 : stop.start] in {"(", "["}:  # (?), [...]
        return False
    if not stop.gap:
        return _ends_without_space(stop)
    if stop.quote_closed and (stop.openers[:1] in _DASHES or _is_attributed(stop)):
        return False
    if "?" in stop.mark or "!" in stop.mark:
        return stop.before not in SHOUTED or stop.word.lower() in STARTERS
    dots = stop.mark.count(".") + 3 * stop.mark.count("…")
    return _ends_at_ellipsis(stop, dots) if dots > 1 else _ends_at_full_stop(stop)


def _is_plain(stop: Stop) -> bool:
    """Tell the most frequent end, which needs no further look: a whole small word, and nothing but a stop after it."""
    before = stop.before
    return (
        stop.close == stop.start + 1
        and len(before) > _SHORT_WORD
        and before.islower()
        and before.isalpha()
        and (before not in _ABBREVIATED)
    )


def _begins_small(stop: Stop) -> bool:
    """Return whether a sentence can begin with the small letter that follows.

    Names like iPhone do, an item of a list after a full stop, a quotation after a whole word, and all of a text that
    has no capitals.
    """
    if _CASED_PREFIX.match(stop.paragraph, stop.at):
        return True
    before = stop.before
    whole = len(before) > 1 and before[-2:].isalnum() and before.lower() not in _ABBREVIATED and stop.gap
    opened = stop.at - len(stop.openers)
    return whole and (
        stop.paragraph.islower()
        or bool(_ITEM_AHEAD.match(stop.paragraph, opened))
        or (stop.mark == "." and bool(_SMALL_QUOTE.match(stop.paragraph, opened)))
    )


def _is_attributed(stop: Stop) -> bool:
    """Return whether what follows says who spoke; after a question not if the quotation began in mid-sentence."""
    full_stop = stop.mark[-1] == "."
    return (full_stop or stop.opened <= stop.begun) and attributes(stop.paragraph, stop.at, after_stop=full_stop)


def _ends_without_space(stop: Stop) -> bool:
    """No space after the stop: the end only between a word or a quotation and a capitalised word, not in addresses."""
    before, word = stop.before, stop.word
    if stop.quote_closed or stop.openers[:1] in _OPENING or stop.paragraph[stop.start - 1 : stop.start] in _CLOSING:
        return not word[0].isdigit()
    if _ENUMERATOR.fullmatch(stop.paragraph, stop.begun, stop.start):
        return False
    if _is_address(stop) or word[0].isdigit():
        return False
    if _INITIALS.fullmatch(before) or len(stop.mark) > 1:
        return len(word) > 1 and word.lower() in STARTERS
    whole = before.replace(",", "").isdigit() or (before[-2:].islower() and len(before) > 1 and before not in NEVER)
    return whole and "." not in before and (word[1:].islower() or word in {"A", "I"})


def _is_address(stop: Stop) -> bool:
    token = stop.paragraph[max(stop.begun, stop.start - _TOKEN) : stop.at + _TOKEN]
    return stop.word.lower() in TOP_LEVEL or any(mark in token for mark in ("@", "://", "www."))


def _ends_at_ellipsis(stop: Stop, dots: int) -> bool:
    """Four dots are a full stop and an omission; three end a sentence that trails off, but may stand in one."""
    if dots != 3:
        return True
    attached = not stop.paragraph[stop.start - 1 : stop.start].isspace()
    return stop.word != "I" and (attached or stop.quote_closed or stop.word.lower() in STARTERS)


def _ends_at_full_stop(stop: Stop) -> bool:
    before, word = stop.before, stop.word
    if before.isupper() and len(before) > 1 and before.capitalize() in _ABBREVIATIONS:
        before = before.capitalize()
    if stop.openers[:1] in _DASHES and _is_dateline(stop, before):
        return False
    if before in NEVER or _ENUMERATOR.fullmatch(stop.paragraph, stop.begun, stop.start):
        return False
    if len(before) <= _SHORT and _AFTER_COLON.search(stop.paragraph, max(stop.begun, stop.start - 10), stop.start):
        return False
    if before in NUMBERED and (word[0].isdigit() or (before != "No" and _refers(stop))):
        return False
    if before in {"a.m", "p.m"} or (before in {"A.M", "P.M"} and _CLOCK_TIME.search(stop.paragraph, 0, stop.start)):
        return _ends_at_time(stop)
    starter = word.lower() in STARTERS
    if not starter and _SHORT_NAME.fullmatch(before) and _VERBLESS.match(stop.paragraph, stop.at):
        return False  # "opposed by Barr. Lund on Monday": no sentence follows
    if before not in _BEFORE_NAMES and not (len(before) <= _LONGEST_FORM and _ABBREVIATION_FORM.fullmatch(before)):
        return True
    if len(before) > 1 and before not in TITLES and _PLURAL.match(stop.paragraph, stop.at):
        return True
    return (starter and word.lower() not in NAMES) if len(before) == 1 else starter or stop.openers[:1] in _OPENING


def _refers(stop: Stop) -> bool:
    """Tell a Roman number or a letter from the word "I"."""
    return bool(_REFERENCE.fullmatch(stop.word)) and not _I_SPEAK.match(stop.paragraph, stop.at)


def _is_dateline(stop: Stop, before: str) -> bool:
    """Tell `PARIS, May 3. — The minister` and `D.C. — The minister` from a sentence that a dash follows."""
    short = stop.start - stop.begun < _DATELINE and bool(_CAPITALS.match(stop.paragraph, stop.begun))
    return short or before in SOMETIMES or bool(_INITIALS.fullmatch(before))


def _ends_at_time(stop: Stop) -> bool:
    """After `a.m.` a sentence ends unless the time goes on (`Monday`, `Moscow time`) or itself opens the sentence."""
    after = stop.paragraph[stop.at + len(stop.word) : stop.at + len(stop.word) + len(" time")]
    if stop.word in AFTER_TIME or stop.word[0].isdigit() or after == " time":
        return False
    return not _TIME_FIRST.match(stop.paragraph[max(stop.begun, stop.start - _DATELINE) : stop.start])
