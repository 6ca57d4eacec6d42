"""The words that sentence boundaries turn on: abbreviations by what may follow them, and words that begin sentences.

Abbreviations are listed without their last stop and in their usual case; those of one letter per part (`U.S.`, `a.m.`,
`J.`) are recognised by their form and are not listed.
"""


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
