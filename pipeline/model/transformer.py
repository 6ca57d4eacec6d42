"""A transformer that turns sentences into vectors. Needs torch and transformers, the extra `encoder`."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import EncoderError, ExtraError
from pipeline.storage import read_json

_LONGEST = 256  # tokens; what follows is cut off
_ROWS = 16  # sentences of every batch, the last one of a length filled up
_STEP = 8  # lengths are filled up to multiples of this


class Transformer:
    """A model from a local folder: mean (or first) of the last layer's tokens, scaled to length 1.

    Every batch has the same number of rows, of one length: the kernels of matrix products are chosen by shape, so a
    sentence's vector is the same to the last bit whatever else is encoded. On a CPU each batch has one thread, and as
    many run side by side as torch has threads.
    """

    def __init__(self, folder: Path, name: str):
        """Load tokenizer and weights, on a GPU where there is one.

        `name` is what errors call it. Raises ExtraError where torch or transformers is missing, EncoderError where the
        folder cannot be loaded.
        """
        try:
            import torch
            import transformers
        except ImportError as error:
            remedy = "Run `pip install 'stance-pipeline[encoder]'`, or set train.encoder to null and train anew."
            what = f"needs a package that is not installed ({error.name})"
            raise ExtraError(what, f"encoder {name}", remedy=remedy) from None
        self.name, self.device = name, "cuda" if torch.cuda.is_available() else "cpu"
        try:
            self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            with _silence(transformers.utils.logging):
                network = transformers.AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        except Exception as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            raise EncoderError("the encoder cannot be loaded", name, got=said) from error
        self.network = network.float().eval().to(self.device)
        positions = getattr(network.config, "max_position_embeddings", None) or _LONGEST
        longest = min(_LONGEST, self.tokenizer.model_max_length, positions - 2)  # some models number from 2
        self.longest = max(longest // _STEP, 1) * _STEP
        self.first_token = _pools_first_token(folder)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (len(texts), width), at least one text; raise EncoderError where there is no number in it."""
        tokens = self.tokenizer(list(texts), truncation=True, max_length=self.longest)["input_ids"]
        batches = list(_batches([len(ids) for ids in tokens]))
        vectors = self._in_parallel([([tokens[i] for i in rows], length) for rows, length in batches])
        found = np.empty((len(texts), vectors[0].shape[1]), np.float32)
        for (rows, _), of_batch in zip(batches, vectors, strict=True):
            found[rows] = of_batch[: len(rows)]
        if not np.isfinite(found).all():
            raise EncoderError("gives vectors that hold no numbers", self.name)
        return found

    def _in_parallel(self, batches: list[tuple[list[list[int]], int]]) -> list[np.ndarray]:
        import torch

        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with ThreadPoolExecutor(threads if self.device == "cpu" else 1) as pool:
                return list(pool.map(lambda batch: self._vectors(*batch), batches))
        finally:
            torch.set_num_threads(threads)

    def _vectors(self, tokens: list[list[int]], length: int) -> np.ndarray:
        import torch

        ids = np.full((_ROWS, length), self.tokenizer.pad_token_id or 0)
        mask = np.zeros((_ROWS, length), int)
        for row in range(_ROWS):
            own = tokens[row % len(tokens)]
            ids[row, : len(own)], mask[row, : max(len(own), 1)] = own, 1
        with torch.inference_mode():
            seen: Any = torch.from_numpy(mask).to(self.device)
            states = self.network(input_ids=torch.from_numpy(ids).to(self.device), attention_mask=seen)[0]
            weights = seen[..., None]
            pooled = states[:, 0] if self.first_token else (states * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()


@contextmanager
def _silence(logging: Any) -> Iterator[None]:
    """Show no bar of progress."""
    before = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if before:
            logging.enable_progress_bar()


def _batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Yield (rows, length) with at most _ROWS rows that fit that length, a multiple of _STEP; short ones first."""
    of_length: dict[int, list[int]] = {}
    for row, n in enumerate(lengths):
        of_length.setdefault(max(-(-n // _STEP), 1) * _STEP, []).append(row)
    for length, rows in sorted(of_length.items()):
        yield from ((rows[start : start + _ROWS], length) for start in range(0, len(rows), _ROWS))


def _pools_first_token(folder: Path) -> bool:
    """Return what a model of sentence-transformers says of itself; others are averaged."""
    file = folder / "1_Pooling" / "config.json"
    config = read_json(file) if file.is_file() else {}
    return bool(config.get("pooling_mode_cls_token")) or config.get("pooling_mode") == "cls"
