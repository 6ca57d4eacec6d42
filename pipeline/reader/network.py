"""The network of the reader: base model, low-rank updates of its layers, and a head over the mean of the last layer.

E. Hu et al., "LoRA: low-rank adaptation of large language models" (2022). Importing this module needs torch and
transformers, the extra `reader`.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pipeline.base.errors import ArtefactError, EncoderError, ExtraError
from pipeline.base.stances import STANCES
from pipeline.reader.adapter import NEEDS

try:
    import torch
    import transformers
except ImportError as error:
    raise ExtraError(f"needs a package that is not installed ({error.name})", "reader", remedy=NEEDS) from None

LONGEST = 128
"""Tokens of a sentence that are read; what follows is cut off."""

STEP = 8
"""Lengths of batches are filled up to multiples of this."""


class LowRank(torch.nn.Module):
    """A linear layer that stays as it is, plus a learned update of low rank, which begins at zero."""

    def __init__(self, layer: torch.nn.Linear, rank: int):
        """Take the layer; `rank` is the number of rows of the update's inner matrix."""
        super().__init__()
        self.layer = layer
        self.down = torch.nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return the layer's output with the update's."""
        return self.layer(states) + (states @ self.down.T) @ self.up.T

    def merged(self) -> torch.nn.Linear:
        """Return one linear layer that does the same."""
        self.layer.weight.data += self.up.data @ self.down.data
        return self.layer


class Network(torch.nn.Module):
    """Tokens in, scores of the stances out.

    `rank` of the updates; `frozen`: how many of the lower layers get none; `dropout` before the head, in training.
    """

    def __init__(self, folder: Path, *, rank: int, frozen: int = 0, dropout: float = 0.1):
        """Load tokenizer and weights from a folder; raise EncoderError where they cannot be loaded."""
        super().__init__()
        try:
            self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            with _without_bar():
                encoder = transformers.AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        except Exception as error:
            got = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            raise EncoderError("the reader's base model cannot be loaded", folder, got=got) from error
        self.encoder = encoder.float().requires_grad_(False)
        self.pooler = getattr(encoder, "pooler", None)
        if self.pooler is not None:
            self.encoder.pooler = self.pooler = None  # its output is not used
        for layer in _layers(encoder, folder)[frozen:]:
            for name, part in list(layer.named_modules()):
                if isinstance(part, torch.nn.Linear):
                    home, _, own = name.rpartition(".")
                    setattr(layer.get_submodule(home), own, LowRank(part, rank))
        self.dropout = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(encoder.config.hidden_size, len(STANCES))
        positions = getattr(encoder.config, "max_position_embeddings", None) or LONGEST
        self.longest = max(min(LONGEST, positions - 2) // STEP, 1) * STEP  # some models number positions from 2
        self.pad = self.tokenizer.pad_token_id or 0

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each sentence, cut off after `longest`."""
        return self.tokenizer(list(texts), truncation=True, max_length=self.longest)["input_ids"] if texts else []

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return scores, float32 (n, 3), of token ids (n, length); `mask` is 1 where there is a token."""
        return self.head(self.dropout(self.pooled(ids, mask)))

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the mean of the last layer, float32 (n, width), of token ids (n, length) with their mask."""
        states = self.encoder(input_ids=ids, attention_mask=mask)[0].float()
        seen = mask[..., None].float()
        return (states * seen).sum(1) / seen.sum(1)

    def learned(self) -> dict[str, torch.Tensor]:
        """Return by name the tensors that training changes."""
        return {name: part for name, part in self.named_parameters() if part.requires_grad}

    def take(self, tensors: Mapping[str, np.ndarray]) -> None:
        """Load tensors, float32, that `learned` gave; raise ArtefactError where a name or a shape does not fit."""
        own = self.learned()
        shapes = {name: tuple(part.shape) for name, part in own.items()}
        if shapes != {name: tuple(tensor.shape) for name, tensor in tensors.items()}:
            raise ArtefactError("the adapter does not fit its base model", expected=f"{len(shapes)} tensors of its own")
        with torch.no_grad():
            for name, part in own.items():
                part.copy_(torch.from_numpy(np.array(tensors[name], np.float32)))

    def merge(self) -> None:
        """Make the updates part of the layers: the same scores in less time, and nothing to train any more."""
        for home in list(self.encoder.modules()):
            for name, part in list(home.named_children()):
                if isinstance(part, LowRank):
                    setattr(home, name, part.merged())
        self.requires_grad_(False)


def device() -> str:
    """Return where networks run: on a GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def _layers(encoder: torch.nn.Module, folder: Path) -> Sequence[torch.nn.Module]:
    """Return the layers of the base model, lowest first."""
    found = [part for part in encoder.modules() if isinstance(part, torch.nn.ModuleList)]
    if not found:
        raise EncoderError("the reader's base model has no stack of layers", folder, got=type(encoder).__name__)
    return max((list(stack) for stack in found), key=len)


class _without_bar:  # noqa: N801  # a context manager
    """Show no bar of progress of transformers."""

    def __enter__(self) -> None:
        self.was_on = transformers.utils.logging.is_progress_bar_enabled()
        transformers.utils.logging.disable_progress_bar()

    def __exit__(self, *_: object) -> None:
        if self.was_on:
            transformers.utils.logging.enable_progress_bar()
