"""The rules and phrases that tell boilerplate from story."""

import re

_WORD = re.compile(r"\w+")
_LONGEST = 90  # characters


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase.strip() for line in lines for phrase in line.split("|"))


PHRASES = _phrases(
    # players and pictures
    "listen to this article|listen to this story|listen to article|listen|play|play video|play audio|pause|mute",
    "unmute|skip ad",
    "video player is loading|this is a modal window|beginning of dialog window|end of dialog window",
    "escape will cancel and close",
    "hide caption|show caption|toggle caption|enlarge this image|expand image|view gallery|open gallery",
    "full screen|fullscreen",
    "view larger image|swipe to see more|swipe for more|opens in new window|opens in a new window|photo",
    "file photo|photos|image",
    "images|picture|gallery|video|videos|audio|watch|watch now|watch live|live|replay|autoplay|next up|up next",
    "next video",
    # share, save, print
    "share this|like this|share your thoughts|share article|share this story|share this post|share this page",
    "save for later",
    "save article|save this article|add to reading list|print this article|print this page|print article",
    "email this article",
    "email article|text size|a a a|report an error|report this ad|report ad|report a typo|copy link|link copied",
    "copied",
    "gift this article|give this article|view in browser|listen now|loading comments|show more|show less",
    "read less|load more",
    "see all|view all|view more|see more|more|back to top|top|close|menu|search|skip|next|previous|back|continue",
    "dismiss|ok",
    # sections
    "top stories|recommended stories|recommended reading|recommended articles|what to read next|read next",
    "around the web|topics",
    "from around the web|you might like|you may like|most popular|most shared|latest|latest news|latest stories",
    "more stories",
    "breaking news|in this article|in this story|related content|related links|related video|related videos",
    "related coverage",
    "more news|other news|also read|explainer|exclusive|opinion|analysis|features|news|home|world|politics",
    "business|sport",
    "sports|advertiser content|partner content|paid content|paid post|promoted|sponsored|sponsored by",
    "from our partners|newsletter",
    "newsletters|podcast|podcasts|special report|editorial|press release|sign up|subscribe|ad|ads|advertise with us",
    "about us|contact us",
    # accounts and walls
    "sign in|log in|login|register|create account|create an account|my account|already a subscriber",
    "already a subscriber log in",
    "already a member|already a member log in|sign in to continue reading|subscribers only|premium",
    "this content is for subscribers only",
    "to continue reading subscribe|subscribe to continue reading|subscribe to read more|please log in to continue",
    "you have reached your limit of free articles|this article is for subscribers only|become a member",
    "become a member today",
    "donate|donate now|donate today|support us|support our journalism|help us keep reporting",
    "thank you for subscribing",
    "thank you for signing up|thanks for signing up|thanks for subscribing|thank you for reading",
    "thanks for reading|try again",
    "by signing up you agree to our terms|something went wrong|please try again|please try again later",
    "check your inbox",
    # law
    "accept cookies|accept all cookies|accept all|cookie policy|cookie settings|manage cookies|privacy policy",
    "privacy|terms",
    "terms of use|terms of service|terms and conditions|terms of use privacy policy|privacy policy terms of use",
    "do not sell my personal information|all rights reserved|disclaimer|copyright notice",
    "advertisement scroll to continue",
    # agencies and desks
    "reuters|afp|ap|associated press|agence france presse|compiled from agency reports|compiled from agencies",
    "agencies",
    "with agency inputs|with inputs from agencies|with agencies|from agencies|staff report|staff reports",
    "staff reporter",
    "staff writer|from staff reports|from wire reports|news desk|web desk|item ends|ends|end|more to follow",
    "developing",
    "comments|leave a comment|leave a reply|post a comment|be the first to comment|join the discussion",
    "join the conversation",
    "what do you think let us know in the comments|let us know in the comments|have your say|tell us what you think",
)
"""Each as words in small letters with one blank between them."""

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_ZONE = r"(?:GMT|UTC|BST|IST|JST|MSK|CES?T|[ECMP][DS]?T|eastern|local time)"
_TIME = rf"\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?(?:\s?[ap]\.?m\b\.?)?(?:\s+{_ZONE}\b)?"
_NUMBER = r"\d{1,4}(?:st|nd|rd|th)?(?:[-/.]\d{1,2}[-/.]\d{2,4})?\b(?![:.]\d)"
_AGO = r"(?:hours?|hrs?|minutes?|mins?|days|weeks?|ago|today|yesterday|at|on|[ap]\.m\.)"
_DATE = rf"(?:(?:{_TIME}|{_NUMBER}|{_MONTH}|{_DAY}|{_AGO})(?:[\s,|•·–—-]+|\.?$))+"
_DATED = rf"(?=.*(?i:\b{_MONTH}|\b{_DAY}|\d[:./-]\d))"

_UPPER = "A-ZÀ-ÖØ-ÞĀ-ſ"
_CAPITAL = rf"[{_UPPER}][\w.'’&-]*"
_PLACE = rf"{_CAPITAL}(?:[ ,/–]+(?:{_CAPITAL}|de|la|el|of|the|and))*"
_ROLE = (
    r"(?:and|in|at|for|of|the|a|with|our|from|by|de|la|van|von|der|bin|al|special|staff|senior|chief|diplomatic|foreign"
    r"|political|security|defen[cs]e|arts|business|economics|contributing|additional|correspondents?|reporters?"
    r"|editors?|writers?|editing|writing|reporting|compiled|graphics|bureau|desk|agencies|wire)\b"
)
_NAMES = rf"(?:(?:{_CAPITAL}|{_ROLE}|\d\S*|&|\||[–—-]|\([^()]{{2,30}}\))[,;:]?(?:\s+|(?=[)\]]|$)))+"
_CREDITED = rf"(?i:(?:additional |further )?(?:reporting|writing|editing|written|edited|reported|compiled) by) {_NAMES}"

_SITE = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|instagram|youtube|reddit|pinterest|flipboard|messenger|google"
    r"|bluesky|mastodon|threads|rss)"
)
_BUTTON = rf"(?:share|tweet|e-?mail|print|pin|copy|link|save|bookmark|icon|button|comments?|more|{_SITE})\b"
_SHARED = r"(?:this|the|on|via|to|with|by|and|us|article|story|page|post|friends?)\b"
_AGENCY = r"(?:AP|AFP|EPA|Reuters|REUTERS|Getty|Bloomberg)"
_AGENCIES = (
    r"(?:[A-Z]{2,7}(?:[/-][A-Z]{2,7})*|Reuters|Bloomberg|Xinhua|Yonhap|Kyodo(?: News)?|Interfax|Anadolu|Bernama"
    r"|Antara|Petra"
    r"|Ritzau|Belga|Hina|Tanjug|Lusa|Agencies|Agency|Associated Press|Agence France-Presse|Dow Jones(?: Newswires)?"
    r"|[A-Z][a-z]+"
    r" News Agency)"
)
_ADDRESS = r"\S+@\S+\.\w+"
_STAMP = rf"(?:{_TIME}|{_NUMBER}|{_MONTH}|{_DAY})(?:[\s,|•·–—()-]+(?:{_TIME}|{_NUMBER}|{_MONTH}|{_DAY}))*[\s()]*"
_NOBODY_SPEAKS = r"(?!.*\b(?:said|says|told|urged|warned|asked|added)\b)"

RULES = {
    "mark": r"[\W_]+|-\s?30\s?-|(?:END|ENDS|ENDIT|Enditem)(?:\s+[\d:.]+\s*[APM.]*(?:\s+[A-Z]{2,4})?)?\.?"
    rf"|\W{{0,3}}(?:END|MORE|Ends|more)\W{{0,3}}(?:{_AGENCIES})?|(?:{_ADDRESS}\s*)\((?:END|MORE)\)"
    rf"|\({_AGENCIES}\)|[–—-]+\s?{_AGENCIES}\.?|[a-z]{{2,4}}(?:-[a-z]{{2,4}})?(?:/[a-z]{{2,4}}){{1,4}}",
    "shortcode": r"\[(?P<code>\w+)[^\[\]]*\].{0,300}\[/(?P=code)\]|\[/?(?:embed|caption|gallery|video|audio|youtube"
    r"|playlist)"
    r"\b[^\[\]]*\]",
    "markup": r"\{\{[^{}]*\}\}|<!--.*-->|\[\d{1,3}\]",
    "interface": r"(?i:(?:home|news)(?:\s*[>»/›]\s*[\w &-]{2,30}){1,4}|listen to (?:this|the) (?:article|story"
    r"|episode)\W.{0,30}"
    r"|(?:advertisement|ad)\W+scroll to continue|(?:read|read all|watch live|live|watch)\s*[|»›>]\s.{0,90}"
    r"|click to (?:share|e-?mail|print|copy)\b.{0,60}|join (?:our|us on|the) (?:\w+ )?(?:whatsapp|telegram|facebook"
    r"|discord|viber)\b.{0,40}"
    r"|around the (?:bbc|web|world|network)|this site is protected by recaptcha.*|(?:current )?time \d+:\d\d.{0,40}"
    r"|\d+ (?:images?|photos?|shares?|views?)|(?:keywords?|tags?|topics?|categories|category"
    r"|filed under)\s*:.{0,120}"
    r"|(?:got|have) a (?:story|tip|question|view)\?.{0,120}|do you have a (?:story|tip|question|view)\b.{0,120}"
    r"|have you been affected\b.{0,120}|what do you think\?.{0,80}|(?:twitter|instagram|facebook|x)\s*:?\s*@\w+|@\w+)",
    "player": r"(?i:(?:media playback is (?:un|not )supported|the code has been copied|no media source"
    r"|close share panel"
    r"|these are external links|your browser does not support|this video (?:can ?not|is not|has been)"
    r"|to play this video"
    r"|(?:media|video|audio) captions?\b|copy this link|share this with|direct link|pop-?out player|embed share"
    r"|(?:play|watch|download) (?:the )?(?:video|audio|podcast)\b).{0,200}"
    r"|\d{1,2}:\d\d(?::\d\d)?(?:[ /|–-]+\d{1,2}:\d\d(?::\d\d)?)+)",
    "note": r"[(\[](?i:recasts?|adds?|updates?|updated|corrects?|corrected|refiles?|repeats?|writes through|changes?"
    r"|rewrites?|clarif"
    r"ies|edits?|removes?|fixes|restores|inserts?|drops|incorporates)\b[^()]{3,200}[)\]]\.?"
    r"|(?i:our standards:.{0,80}|this (?:article|story|page) is (?:more than|over) (?:\d+|an?|one|two|three) "
    r"(?:years?|months?) old\.?|the views expressed (?:in this|here|are)\b.{0,200}"
    r"|(?:the )?opinions expressed (?:in this|here|are|by)\b.{0,200}|since you(?:['’]re| are) here\b.*"
    r"|.{0,20}we have a small favou?r to ask.*|(?:\d+ )?(?:people|readers) (?:are|were) reading (?:this|now).{0,60})",
    "licence": r"(?i:this copy is for your\b.*|(?:to order|order) (?:presentation|reprints|copies)\b.*|(?:printed"
    r"|presentation-ready)"
    r" copies\b.*|distribution and use of this (?:material|article)\b.*|for (?:non-)?personal use only\b.{0,100}"
    r"|(?:click|tap) (?:here|to) (?:for|to) (?:reprints?|permissions?|licen[cs]e)\b.{0,80}|reprints? (?:and"
    r"|&) permissions?.{0,60})",
    "advertisement": r"(?i:\W*(?:advertisements?|sponsored content)\W*)",
    "credit": rf"[(\[]{_CREDITED}[)\]]\.?|(?i:[(\[](?:photo|picture|image|video|graphic|source|file"
    rf"|credit)s?\b[^()\[\]]{{0,90}}[)\]])"
    r"|(?i:[(\[]?(?:with (?:agency )?inputs? from|compiled (?:from|by)|with (?:reporting|files"
    r"|contributions) (?:from|by))\b.{0,90})"
    r"|(?i:\(?this (?:story|report|article|copy) (?:has|was) (?:not )?(?:been )?(?:edited|created|auto|published"
    r"|generated|sourced)\b.{0,160})"
    r"|(?:FILE(?: PHOTO)?|File [Pp]hoto|HANDOUT|PHOTO)\s*[:–—-]\s.*"
    rf"|(?=[^/]*/).*[.\s](?:REUTERS|Reuters|AFP|EPA|EFE)/{_CAPITAL}(?:[ -]{_CAPITAL}){{0,3}}(?:/.{{0,30}})?",
    "byline": r"(?i:(?:written|reported|edited|compiled|posted|published|updated)\b[^.!?]{0,80}\|.{0,120})",
    "copyright": r"(?i:(?:©|\(c\) ?\d{4}|\(c\) .{3,60}\b\d{4}\b|copyright (?:©|\(c\)|\d{4}\b)).*)"
    r"|(?i:this material may not be (?:published|repro).*)"
    rf"|(?:(?:{_CAPITAL}|[\d©]\S*)\s+){{0,12}}[Aa]ll [Rr]ights [Rr]eserved\W*",
    "related": r"(?i:(?:(?:read|see|learn|find out|continue) (?:more|also|next|reading)|also read|related(?: \w+)?"
    r"|don['’]t miss|(?:must|top) (?:reads?|stor(?:y|ies))|recommended(?: \w+)?)\s*[:|»›>→].{0,90})"
    r"|(?=[^\[]{5,90}\s\[).{5,90}\s\[(?:INSIGHT|VIDEO|ANALYSIS|REPORT|COMMENT|PICTURES|PICS|LATEST|REVEALED|UPDATE"
    r"|OPINION|PHOTOS|WATCH|MAP|POLL"
    r"|INTERVIEW|EXPLAINED|GRAPHIC|LIVE|EXCLUSIVE)\]",
    "newsletter": rf"(?i:(?:sign up|subscribe|register)(?: now| here| today)? (?:to|for)(?: receive"
    rf"| get)? {_NOBODY_SPEAKS}"
    r"(?:[\w'’-]+ ){0,6}(?:newsletters?|inbox|alerts|podcast|briefing|e-?mail updates)\b.{0,60}"
    rf"|get (?:our|the latest|breaking|more|all the) {_NOBODY_SPEAKS}.{{0,80}}\b(?:inbox|app|newsletter)\b.{{0,40}}"
    rf"|(?:never miss|don['’]t miss|stay (?:up to date|informed|tuned|on top)"
    rf"|be the first to)\b{_NOBODY_SPEAKS}.{{0,160}}"
    rf"|(?:do you )?(?:want|like|wish) (?:to )?\b{_NOBODY_SPEAKS}.{{0,100}}\?\s*(?:sign up|subscribe|click|register"
    rf"|join)\b.{{0,80}}"
    rf"|(?:download|install|get) (?:our|the) {_NOBODY_SPEAKS}.{{0,40}}\bapp\b.{{0,60}}"
    rf"|(?:support|donate to|become a (?:member|supporter|patron) of) (?:our|independent|us\b"
    rf"|the) {_NOBODY_SPEAKS}.{{0,120}})",
    "follow": rf"(?i:(?:follow|like|find|join) (?:us|me|our [\w ]{{1,20}}|@\w+|(?-i:{_PLACE})) on {_SITE}"
    rf"(?:(?:,? (?:and|or)|,|\s*[|/&])?\s+{_SITE})*(?:\s*[:(]?\s*@\w+\)?)?\W*)",
    "contact": rf"(?i:for (?:more|further) information,? {_NOBODY_SPEAKS}(?:please )?(?:contact|visit|call|e-?mail)\b.*"
    r"|(?:click|tap) here (?:to|for)\b.{0,50}|(?:have|got) a (?:news |story )?tip\?.*"
    r"|\S+@\S+\.\w+|https?://\S+|www\.\S+)"
    rf"|(?i:(?:write|e-?mail|send (?:an )?e-?mail|reach|contact|(?:the )?(?:author|reporter"
    rf"|writer)s?)\b{_NOBODY_SPEAKS}.{{0,80}}"
    rf"{_ADDRESS}.{{0,120}}|(?:media|press|investors?|editorial|news|public relations|pr) (?:contacts?|inquiries"
    rf"|enquiries|relations|desk)"
    rf"(?: \w+)?\s*:.{{0,200}}|view (?:the )?original (?:content|release|source|article).{{0,200}})",
    "time": rf"(?i:{_TIME}|(?:share\W+|edited\W+)?(?:last |first |was )?(?:updated|published|posted|modified|filed"
    rf"|created|issued)\b"
    rf"[\s:]*{_DATE})",
    "notice": r"(?i:this (?:article|story|content|item|report) (?:was|is|has been) (?:automatically|auto-|syndicated"
    r"|republished|"
    r"reproduced|licen[cs]ed)\b.{0,200}|(?:except for the headline|\(except for the headline).{0,200}"
    r"|disclaimer\s*:.{0,300})",
    "page": rf"(?i:page \d+(?: of \d+)?)|(?=[^a-z]*\b(?i:{_MONTH}|{_DAY})\b)(?=.*\d)[^a-z]{{8,90}}\b[A-Z]?\d{{1,3}}"
    r"|(?i:(?:please )?enable javascript.*"
    r"|(?:we|this (?:web)?site) uses? cookies.*|comments are closed\.?|loading\W*)",
}
"""Anywhere, whatever the paragraph ends with."""

UNENDED_RULES = {
    "share": rf"(?i:{_BUTTON}(?:[\s|/,+•·:]+(?:{_BUTTON}|{_SHARED}))*)",
    "advertisement": r"(?i:\W*(?:sponsored|promoted|(?:story|article) continues (?:below|after)|continue reading"
    r"|scroll (?:down )?(?:to|for)|skip (?:to|past))\b.{0,80})",
    "related": r"(?i:(?:watch|watch live|read all|listen|explainer|timeline|in pictures|recommended|trending|topics?"
    r"|tags?|filed under"
    r"|read (?:more|also|next)|see also|related)\s*[:–—-]\s*.{0,200}|sources?\s*:\s*.{0,60}"
    r"|(?:related|more) (?:stories|news|coverage|articles?|topics|links)|read (?:more|next)|editor['’]?s['’]? picks?"
    r"|most (?:read|popular|viewed)|recommended(?: for you)?|trending(?: now)?"
    r"|you (?:may|might|could) (?:also )?(?:like|be interested in|enjoy|have missed|want to read)\W*|more (?:on"
    r"|from) .{1,60}"
    r"|(?:also|more) in (?:this|the) (?:section|series|news)\W*|read the full (?:story|article|report)\b.{0,60})",
    "follow": r"(?i:follow (?:us|@\w+).{0,60}|subscribe(?: now)?|sign (?:up|in)|log in)",
    "byline": rf"(?:(?:Reported |Written |Text |Story |Analysis |Opinion |Video |Photos |Words |Interview )?[Bb][Yy]"
    rf"|BY) {_NAMES}|(?i:posted by .{{1,60}})"
    r"|From (?:our|a|the)\b.{0,40}\b[Cc]orrespondents?\b.{0,40}",
    "credit": r"(?i:(?:photo(?:graph)?|image|picture|graphic|illustration|video)s?(?: credit| source| caption)?"
    r"\s*:.{0,160}"
    rf"|image (?:source|caption|copyright),.*)|(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture)s? by {_NAMES}|Getty Images"
    rf"|[(\[]?{_AGENCY} (?:[Pp]hoto|[Ii]mages?|[Ff]ile)\b.{{0,60}}|[{_UPPER}][\w.' -]{{2,40}}/\s?{_AGENCY}\b.{{0,40}}",
    "time": r"(?i:\d{1,2}[ -]min(?:ute)?s?[ -]read|reading time.{0,20})",
    "contact": rf"(?i:contacts?\s*:.{{0,80}})|(?i:reach|call|contact) {_NAMES}at [\d() +.-]{{6,}}"
    rf"|{_NAMES}can be reached at .{{0,60}}",
    "release": rf"(?:Cision )?(?i:view original).{{0,160}}|About {_PLACE}|SOURCE:? {_PLACE}\.?|(?i:logo|photo"
    rf"|video)\s*[:–-]\s*(?:https?://\S+|www\.\S+)|Cision",
    "agency": rf"Source\s*:\s*{_NAMES}\W*(?:Editor\s*:.{{0,40}})?|(?:Editors?|Credits?|Producers?"
    rf"|Translators?)\s*:.{{0,60}}"
    rf"|(?:UPDATE|CORRECTED|REFILE|WRAPUP|RPT|FACTBOX|FEATURE|ANALYSIS|EXCLUSIVE|FLASH|URGENT)(?: \d)?\b[^.]{{0,80}}",
    "comments": r"(?i:(?:\d+ )?comments?(?: \(\d+\))?|(?:leave|post|add|view|show) (?:a |all |the )?comments?"
    r"|join the (?:conversation|discussion))",
}
"""Anywhere, for a paragraph that does not end as a sentence does."""

TOP_RULES = {
    "field": r"(?:Date|Author|Source|Section|Byline|Headline|Subject|From|To|Publication|Published|Language"
    r"|Word count|URL|Link)"
    r"\s*:\s*.{1,160}",
    "time": rf"{_DATED}(?:{_PLACE},? )?(?i:{_DATE})",
    "dateline": rf"{_PLACE}(?:\s*\([^()]{{2,40}}\))?\s*(?:[–—:]|--?)(?:\s*(?:By|BY) {_NAMES})?",
    "byline": rf"(?:{_CAPITAL} ){{1,3}}{_CAPITAL}, (?:Associated Press|Agence France-Presse|Staff|{_AGENCY})\b.{{0,40}}"
    rf"|Associated Press|Agence France-Presse|{_AGENCY}",
    "share": r"SHARE\b[\s:|]+.*[^.]",
}
"""Before the story begins."""

EDGE_RULES = {
    "note": r"(?i:the (?:author|writer)s? (?:is|are) (?:a|an|the|with|at|from)\b.{0,160})"
    rf"|(?i:from (?:our|the) archives?\s*[:|–—-].*|for immediate release"
    r"|.{0,80}\b(?:check against delivery|unofficial translation)\b.{0,100}"
    rf"|this (?:story|article|report|interview|transcript|conversation) {_NOBODY_SPEAKS}"
    r"(?:(?:has been|was|is|will be) )?(?:\w+ )?(?:updated|edited (?:for|and condensed)|condensed|corrected to"
    r"|(?:originally|first) (?:published|appeared|aired))\b.*"
    r"|(?:this is )?a developing story\b.*|check back for .{0,40}|more (?:details )?(?:to (?:come|follow)|soon)\W*"
    r"|editor['’]s note:.*)",
    "credit": rf"{_CREDITED}|(?:(?:{_CAPITAL}|and|in|the|of|for|staff|writers?|reporters?|correspondents?),?\s+)+"
    rf"contributed (?:reporting|to this (?:report|story|article))(?: from {_PLACE})?\.?",
    "time": rf"(?=(?i:{_STAMP})$){_DATED}.*",
    "contact": rf"(?i:contact us\b{_NOBODY_SPEAKS}.*"
    rf"|(?:to )?(?:contact|reach) the (?:author|reporter|editor|newsroom)\b{_NOBODY_SPEAKS}.*)",
}
"""Among the first and last paragraphs of the story."""

HEAD = (
    r"(?:©|\(c\)|[Cc]opyright)\s+[^.!?]{3,80}?\s(?=(?:The|A|An|In|On|At|It|This|That|These|He|She|They|But|And)\s[a-z])"
    r"|(?:CLICK HERE|SIGN UP|STORY CONTINUES BELOW|ADVERTISEMENT)[A-Z' ]*\s+(?=[\"“]?[A-Z](?:[a-z]| [a-z]))"
)
"""What may hang on the beginning of a paragraph of the story."""

RIGHTS = (
    r"(?i:\b(?:rights?|reserved|reproduc|redistribut|republish|rewritten|broadcast|licen[cs]|permission|published by"
    r"|provided by"
    r"|trademark|terms of|syndicat|may not be|without (?:the )?(?:prior|written))"
    r")"
)
"""What a notice of rights speaks of."""

TAIL = (
    rf"(?<=[.!?\"”’])\s*(?:\s[(\[]{_CREDITED}[)\]]\.?|\s\({_AGENCY} [Pp]hoto[^()]*\)"
    r"|\s(?:Read more|READ MORE|Also read|RELATED|Continue reading|Full story)(?::[^.!?]*|\b\W*)"
    rf"|\s?(?:\(?(?:END|MORE|Ends|ENDS)\)?|Enditem|ENDIT|EndItem)\.?|\s\({_AGENCIES}\)|\s?[–—-]+\s?{_AGENCIES})$"
)
"""What may hang on the end of a paragraph of the story."""

TRUNCATED = r"\s*\[\+\d+ chars\]$"
"""What a news service writes where it cut the text off."""


def is_phrase(text: str) -> bool:
    """Return whether a paragraph is one of these lines."""
    return len(text) <= _LONGEST and " ".join(_WORD.findall(text.casefold())) in PHRASES
