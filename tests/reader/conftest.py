"""Sentences to learn from."""

import pytest

from pipeline.reader.training import training_data
from tests.tiny_encoder import ROWS


@pytest.fixture
def data():
    """Sentences of four articles, nine each."""
    return training_data(ROWS, "rows")
