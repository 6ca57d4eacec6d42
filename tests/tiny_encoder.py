"""A base model made here, small enough to train in a second: its words are those of a few sentences."""

from pathlib import Path

import pytest

PARTIES = ["Ruritania", "Borduria", "Sylvania", "Syldavia"]
SAID = {
    "opposition": ["{} rejected the plan.", "{} condemned the raid.", "{} refused the offer."],
    "neutral": ["{} met the envoy.", "{} published the timetable.", "{} opened the office."],
    "agreement": ["{} signed the treaty.", "{} welcomed the plan.", "{} backed the offer."],
}
ROWS = [
    {"text": text.format(party), "label": stance, "article_id": party}
    for party in PARTIES
    for stance, texts in SAID.items()
    for text in texts
]
"""Labelled sentences of four articles, nine each."""

_EXTRA = "the extra `reader` is not installed"
_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def make_base(folder: Path) -> Path:
    """Write a BERT of two layers with random weights; skip where the extra `reader` is not installed."""
    torch = pytest.importorskip("torch", reason=f"{_EXTRA} (torch)")
    transformers = pytest.importorskip("transformers", reason=f"{_EXTRA} (transformers)")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = sorted({word for row in ROWS for word in row["text"].replace(".", " .").split()})
    numbers = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [(mark, numbers[mark]) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.BertConfig(vocab_size=len(numbers), max_position_embeddings=34, **_SIZES)
    transformers.BertModel(config).save_pretrained(folder)
    return folder
