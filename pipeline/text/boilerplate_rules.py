"""What page furniture looks like: kinds and patterns, each for a whole paragraph.

Four tables, by how safe a pattern is: RULES hold anywhere and for any paragraph; UNENDED_RULES anywhere, for a
paragraph that does not end as a sentence does; TOP_RULES before the story begins; EDGE_RULES in its first and last
paragraphs. Alternatives under one `+` or `*` never begin alike, so that no pattern can backtrack exponentially.
"""

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
_NOBODY_SPEAKS = r"(?!.*\b(?:said|says|told|urged|warned|asked|added)\b)"

RULES = {
    "mark": r"[\W_]+|-\s?30\s?-|(?:END|ENDS|ENDIT)(?:\s+[\d:.]+\s*[APM.]*(?:\s+[A-Z]{2,4})?)?\.?",
    "advertisement": r"(?i:\W*(?:advertisements?|sponsored content)\W*)",
    "credit": rf"[(\[]{_CREDITED}[)\]]\.?",
    "copyright": r"(?i:(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4}\b)).*)"
    r"|(?i:this material may not be (?:published|repro).*)"
    rf"|(?:(?:{_CAPITAL}|[\d©]\S*)\s+){{0,12}}[Aa]ll [Rr]ights [Rr]eserved\W*",
    "related": r"(?i:(?:(?:read|see|learn|find out) (?:more|also|next)|also read|related(?: \w+)?)\s*[:|»›>→].{0,90})",
    "newsletter": rf"(?i:(?:sign up|subscribe|register)(?: now| here| today)? (?:to|for) {_NOBODY_SPEAKS}"
    r"(?:[\w'’-]+ ){0,6}(?:newsletters?|inbox|alerts|podcast|briefing|e-?mail updates)\b.{0,60}"
    rf"|get (?:our|the latest|breaking|more|all the) {_NOBODY_SPEAKS}.{{0,80}}\b(?:inbox|app|newsletter)\b.{{0,40}})",
    "follow": rf"(?i:(?:follow|like|find|join) (?:us|me|our [\w ]{{1,20}}|@\w+|(?-i:{_PLACE})) on {_SITE}"
    rf"(?:(?:,? (?:and|or)|,|\s*[|/&])?\s+{_SITE})*(?:\s*[:(]?\s*@\w+\)?)?\W*)",
    "contact": rf"(?i:for (?:more|further) information,? {_NOBODY_SPEAKS}(?:please )?(?:contact|visit|call|e-?mail)\b.*"
    r"|(?:click|tap) here (?:to|for)\b.{0,50}|(?:have|got) a (?:news |story )?tip\?.*"
    r"|\S+@\S+\.\w+|https?://\S+|www\.\S+)",
    "time": rf"(?i:{_TIME})",
    "page": r"(?i:(?:please )?enable javascript.*"
    r"|(?:we|this (?:web)?site) uses? cookies.*|comments are closed\.?|loading\W*)",
}
"""Anywhere, whatever the paragraph ends with."""

UNENDED_RULES = {
    "share": rf"(?i:{_BUTTON}(?:[\s|/,+•·:]+(?:{_BUTTON}|{_SHARED}))*)",
    "advertisement": r"(?i:\W*(?:sponsored|promoted|(?:story|article) continues (?:below|after)|continue reading"
    r"|scroll (?:down )?(?:to|for)|skip (?:to|past))\b.{0,80})",
    "related": r"(?i:(?:watch|listen|explainer|timeline|in pictures|recommended|trending|topics?|tags?|filed under"
    r"|source|read (?:more|also|next)|see also|related)\s*[:–—-]\s*.{0,200}"
    r"|(?:related|more) (?:stories|news|coverage|articles?|topics|links)|read (?:more|next)|editor['’]?s['’]? picks?"
    r"|most (?:read|popular|viewed)|recommended(?: for you)?|trending(?: now)?"
    r"|you (?:may|might) (?:also )?(?:like|be interested in)|more (?:on|from) .{1,60})",
    "follow": r"(?i:follow (?:us|@\w+).{0,60}|subscribe(?: now)?|sign (?:up|in)|log in)",
    "byline": rf"(?:(?:Reported |Written |Text |Story |Analysis )?[Bb][Yy]|BY) {_NAMES}|(?i:posted by .{{1,60}})"
    r"|From (?:our|a|the)\b.{0,40}\b[Cc]orrespondents?\b.{0,40}",
    "credit": r"(?i:(?:photo(?:graph)?|image|picture|graphic|illustration|video)s?(?: credit| source| caption)?"
    r"\s*:.{0,160}"
    rf"|image (?:source|caption|copyright),.*)|(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture)s? by {_NAMES}|Getty Images"
    rf"|[(\[]?{_AGENCY} (?:[Pp]hoto|[Ii]mages?|[Ff]ile)\b.{{0,60}}|[{_UPPER}][\w.' -]{{2,40}}/\s?{_AGENCY}\b.{{0,40}}",
    "time": rf"(?i:(?:last |first )?(?:updated|published|posted|modified|filed)\b[\s:]*{_DATE}"
    r"|\d{1,2}[ -]min(?:ute)?s?[ -]read|reading time.{0,20})",
    "comments": r"(?i:(?:\d+ )?comments?(?: \(\d+\))?|(?:leave|post|add|view|show) (?:a |all |the )?comments?"
    r"|join the (?:conversation|discussion))",
}
"""Anywhere, for a paragraph that does not end as a sentence does."""

TOP_RULES = {
    "time": rf"{_DATED}(?:{_PLACE},? )?(?i:{_DATE})",
    "dateline": rf"{_PLACE}(?:\s*\([^()]{{2,40}}\))?\s*(?:[–—:]|--?)(?:\s*(?:By|BY) {_NAMES})?",
    "byline": rf"(?:{_CAPITAL} ){{1,3}}{_CAPITAL}, (?:Associated Press|Agence France-Presse|Staff|{_AGENCY})\b.{{0,40}}"
    rf"|Associated Press|Agence France-Presse|{_AGENCY}",
    "share": r"SHARE\b[\s:|]+.*[^.]",
}
"""Before the story begins."""

EDGE_RULES = {
    "note": rf"(?i:from (?:our|the) archives?\s*[:|–—-].*|for immediate release"
    r"|.{0,80}\b(?:check against delivery|unofficial translation)\b.{0,100}"
    rf"|this (?:story|article|report|interview|transcript|conversation) {_NOBODY_SPEAKS}"
    r"(?:(?:has been|was|is|will be) )?(?:\w+ )?(?:updated|edited (?:for|and condensed)|condensed|corrected to"
    r"|(?:originally|first) (?:published|appeared|aired))\b.*"
    r"|(?:this is )?a developing story\b.*|check back for .{0,40}|more (?:details )?(?:to (?:come|follow)|soon)\W*"
    r"|editor['’]s note:.*)",
    "credit": rf"{_CREDITED}|(?:(?:{_CAPITAL}|and|in|the|of|for|staff|writers?|reporters?|correspondents?),?\s+)+"
    rf"contributed (?:reporting|to this (?:report|story|article))(?: from {_PLACE})?\.?",
    "contact": rf"(?i:contact us\b{_NOBODY_SPEAKS}.*"
    rf"|(?:to )?(?:contact|reach) the (?:author|reporter|editor|newsroom)\b{_NOBODY_SPEAKS}.*)",
}
"""Among the first and last paragraphs of the story."""

HEAD = r"(?:CLICK HERE|SIGN UP|STORY CONTINUES BELOW|ADVERTISEMENT)[A-Z' ]*\s+(?=[\"“]?[A-Z](?:[a-z]| [a-z]))"
"""What may hang on the beginning of a paragraph of the story."""

TAIL = (
    rf"(?<=[.!?\"”’])\s+(?:[(\[]{_CREDITED}[)\]]\.?|\({_AGENCY} [Pp]hoto[^()]*\)"
    r"|(?:Read more|READ MORE|Also read|RELATED):[^.!?]*)$"
)
"""What may hang on the end of a paragraph of the story."""
