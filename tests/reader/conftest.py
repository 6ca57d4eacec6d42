"""A base model made here, small enough to train in a second: its words are those of a few sentences."""

import pytest

from pipeline.reader.training_data import training_data

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


@pytest.fixture
def data():
    """Sentences of four articles, nine each."""
    return training_data(ROWS, "rows")


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """The folder of a BERT of two layers with random weights; skips where the extra `reader` is not installed."""
    torch = pytest.importorskip("torch", reason="the extra `reader` is not installed (torch)")
    transformers = pytest.importorskip("transformers", reason="the extra `reader` is not installed (transformers)")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = sorted({word for row in ROWS for word in row["text"].lower().replace(".", " .").split()})
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace()])
    ends = [("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    folder = tmp_path_factory.mktemp("base")
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    torch.manual_seed(0)
    config = transformers.BertConfig(vocab_size=len(vocabulary), max_position_embeddings=34, **sizes)
    transformers.BertModel(config).save_pretrained(folder)
    return folder
