"""Parameters are plain data that nobody changes on the way."""

import pytest
from pydantic import ValidationError

from pipeline.base.params import Params


def test_parameters_cannot_be_changed_by_a_stage():
    with pytest.raises(ValidationError, match="frozen"):
        Params().train.min_df = 5
