"""Figures as PNG and SVG."""

import matplotlib

from pipeline.report.drawing import styled_axes


def drawn():
    with styled_axes(2, 1) as (axes, rendered):
        axes.plot([0, 1], label="line")
        axes.legend()
    return rendered()


def test_the_same_data_give_the_same_bytes_and_leave_no_trace():
    before = dict(matplotlib.rcParams)
    first, second = drawn(), drawn()
    assert first == second
    assert first.png.startswith(b"\x89PNG")
    assert b"<svg" in first.svg
    assert dict(matplotlib.rcParams) == before
