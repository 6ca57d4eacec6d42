"""The words by which text tells a word broken at a line end from a compound: `python -m tests.words` writes them.

They are the words of the labeling functions that ship, inflected, and those that stand twice in the project's articles.
"""

import re
from collections import Counter
from pathlib import Path

from pipeline.weak.cues.language import verb_forms

ROOT = Path(__file__).parents[1]
FILE = ROOT / "pipeline/text/words.txt"
_WORD = re.compile(r"(?<![\w'’-])[a-z]{2,}(?![\w'’-])")
_VERBS = re.compile(r"(?:\(([a-z|]+)\)|\b([a-z]{3,}))~v")
_SHORTEST = 4  # letters of a word that stands in a labeling function only
_OFTEN = 2


def known_words() -> list[str]:
    """Return the words, sorted."""
    cues = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("pipeline/weak/lfs/*.yaml")))
    articles = Counter()
    for path in ROOT.glob("data/raw/*"):
        articles.update(_WORD.findall(re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8", errors="ignore"))))
    words = {word for word, number in articles.items() if number >= _OFTEN}
    words |= {word for word in _WORD.findall(cues) if len(word) >= _SHORTEST}
    verbs = {verb for several, one in _VERBS.findall(cues) for verb in (several or one).split("|") if verb}
    words |= {form for verb in verbs for form in verb_forms(verb) if form.isalpha()}
    return sorted(words)


if __name__ == "__main__":
    FILE.write_text("\n".join(known_words()) + "\n", encoding="utf-8")
