"""The page of answers: self-contained, escaped, readable without colour, script or network."""

import re
from html.parser import HTMLParser

import pytest

from pipeline.base.stances import STANCES
from pipeline.report.answers import PageWriter

VOID = {"meta", "input", "br"}


class Outline(HTMLParser):
    """Checks that elements nest, and collects them with their attributes, and the text outside of styles."""

    def __init__(self):
        super().__init__()
        self.open, self.found, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def answer(text, label="opposition", word="", **more):
    start = text.find(word)
    lf = {
        "name": "refuse",
        "stance": label,
        "strength": 0.9,
        "rule": "8 <b>",
        "why": "Because & so.",
        "words": [{"text": word, "start": start, "end": start + len(word)}] if word else [],
        "cues": [{"quote": word, "strength": 0.9, "notes": ['behind "if"']}] if word else [],
    }
    result = {
        "reason": f'{label} 0.90, because "{word}" (LF refuse)',
        "lfs": [lf],
        "suppressed": [],
        "ngrams": {
            stance: [{"ngram": "feud", "contribution": 1.25}, {"ngram": "of", "contribution": 0.001}]
            for stance in STANCES
        },
    }
    proba = {stance: 0.9 if stance == label else 0.05 for stance in STANCES}
    row = {"text": text, "label": label, "confidence": 0.9, "probabilities": proba, "abstained": False}
    return {**row, "explanation": result, **more}


ROWS = [
    answer("Oslo <refused> & left.", word="refused", page=3),
    answer("They met.", "neutral", abstained=True),
    answer("They signed.", "agreement", word="signed"),
]


def page(tmp_path, *batches, titles=None):
    with PageWriter(str(tmp_path / "out.html"), titles) as writer:
        for batch in batches:
            writer.write(batch)
    text = (tmp_path / "out.html").read_text("utf-8")
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    return text, outline


def test_the_page_stands_alone(tmp_path):
    text, outline = page(tmp_path, ROWS)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in outline.found}
    assert not re.search(r"https?:|url\(|@import|\bon\w+=", text)
    assert "default-src 'none'" in text
    assert ("html", {"lang": "en"}) in outline.found


def test_everything_is_escaped(tmp_path):
    nasty = '<script>alert(1)</script>"&\u202e'
    text, outline = page(tmp_path, [answer(nasty, word="alert", source=nasty, **{"<i>": nasty})], titles=None)
    assert "script" not in {tag for tag, _ in outline.found}
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in outline.text


@pytest.mark.parametrize("titles", [None, {"": "Title"}])
def test_words_are_marked_by_stance_with_lf_and_rule(tmp_path, titles):
    _, outline = page(tmp_path, ROWS, titles=titles)
    marks = [attrs for tag, attrs in outline.found if tag == "mark" and "title" in attrs]
    assert {mark["class"] for mark in marks} == {"opposition", "agreement"}
    assert marks[0]["title"] == 'opposition: LF refuse, behind "if" (rule 8 <b>)'


def test_every_sentence_has_stance_confidence_and_reason_in_words(tmp_path):
    _, outline = page(tmp_path, ROWS[:2], ROWS[2:])
    items = [attrs["class"] for tag, attrs in outline.found if tag == "li" and "answer" in attrs.get("class", "")]
    assert items == ["answer opposition", "answer neutral doubtful", "answer agreement"]
    result = " ".join(outline.text.split())
    assert '✕ opposition 0.90 Oslo <refused> & left. because "refused" (LF refuse) page: 3 why' in result
    assert "abstained" in result
    assert "n-grams for opposition: “feud” +1.25 " in result  # and not the faint one


def test_filters_count_and_need_no_script(tmp_path):
    text, outline = page(tmp_path, ROWS)
    inputs = {attrs["id"]: attrs for tag, attrs in outline.found if tag == "input"}
    assert set(inputs) == {f"show-{k}" for k in ("every", *STANCES, "any", "answered", "abstained")}
    assert all(f"#{key}:checked" in text for key in set(inputs) - {"show-every", "show-any"})
    result = " ".join(outline.text.split())
    assert "all 3 ✕ opposition 1" in result
    assert "answered 2 abstained 1" in result


def sentence(text, paragraph, article="", **more):
    return answer(
        text, paragraph=paragraph, start=0, end=0, index=0, **({"article_id": article} if article else {}), **more
    )


def test_an_article_reads_as_running_text(tmp_path):
    rows = [sentence("One.", 0), sentence("Two.", 0, label="neutral"), sentence("Three.", 1)]
    text, outline = page(tmp_path, rows[:2], rows[2:], titles={"": "Harbour <pact>"})
    story = text[text.index('<div class="story">') : text.index("</div>", text.index('<div class="story">'))]
    assert [" ".join(re.sub("<[^>]+>", "", p).split()) for p in story.split("</p>")[:2]] == ["One.✕1 Two.", "Three.✕3"]
    assert "Harbour <pact>" in outline.text
    targets = {attrs["id"] for _, attrs in outline.found if "id" in attrs}
    links = {attrs["href"][1:] for tag, attrs in outline.found if tag == "a"}
    assert links == {"s1", "s3", "why1", "why3"}
    assert links <= targets


def test_articles_have_a_section_each(tmp_path):
    rows = [sentence("One.", 0, "a"), sentence("Two.", 0, "b"), sentence("Three.", 1, "b")]
    _, outline = page(tmp_path, rows, titles={"a": "First", "b": ""})
    assert [tag for tag, _ in outline.found].count("section") == 2
    assert outline.text.index("First") < outline.text.index("One.") < outline.text.index("Two.")


def test_no_rows_give_a_page_without_answers(tmp_path):
    _, outline = page(tmp_path, [])
    assert "all 0" in " ".join(outline.text.split())


def test_an_error_leaves_no_page(tmp_path):
    with pytest.raises(ZeroDivisionError, match="division"), PageWriter(str(tmp_path / "out.html")) as writer:
        writer.write(row if row is ROWS[0] else 1 / 0 for row in ROWS)
    assert list(tmp_path.iterdir()) == []


def test_without_a_path_the_page_goes_to_stdout(capsys):
    with PageWriter(None) as writer:
        writer.write(ROWS)
    assert capsys.readouterr().out.rstrip().endswith("</html>")
