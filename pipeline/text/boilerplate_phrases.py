"""Lines that news sites write for readers of the page, word for word; case and punctuation are of no account."""

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


def is_phrase(text: str) -> bool:
    """Tell whether a paragraph is one of these lines."""
    return len(text) <= _LONGEST and " ".join(_WORD.findall(text.casefold())) in PHRASES
