"""XLSX: rows come back as they were, nothing is computed, and what does not fit is refused."""

import io
import sys

import pytest

from pipeline.base.errors import ExtraError, InputError
from pipeline.base.tables_out import Sheet


@pytest.fixture
def openpyxl():
    return pytest.importorskip("openpyxl", reason="the extra `xlsx` is not installed")


def test_rows_come_back(openpyxl):
    file = io.BytesIO()
    with Sheet(file) as sheet:
        sheet.append(["text", "n"])
        sheet.append(["=1+1", 0.5])
        sheet.append(["a\x00b\rc", None])
    rows = list(openpyxl.load_workbook(io.BytesIO(file.getvalue())).active.iter_rows())
    assert [[cell.value for cell in row] for row in rows][:2] == [["text", "n"], ["=1+1", 0.5]]
    assert rows[1][0].data_type == "s"
    assert rows[2][0].value.startswith("a\ufffdb")


def test_text_that_is_too_long_is_named_by_its_row(openpyxl):
    with pytest.raises(InputError, match="row 1: text longer than XLSX holds"), Sheet(io.BytesIO()) as sheet:
        sheet.append(["x" * 40_000])


def test_a_block_that_fails_writes_nothing(openpyxl):
    file = io.BytesIO()
    with pytest.raises(ZeroDivisionError), Sheet(file) as sheet:
        sheet.append([1 / 0])
    assert file.getvalue() == b""


def test_without_openpyxl_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ExtraError, match=r"pip install 'stance-pipeline\[xlsx\]'"):
        Sheet(io.BytesIO())
