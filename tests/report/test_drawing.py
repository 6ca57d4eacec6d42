"""Figures as PNG and SVG."""

import re

import matplotlib

from pipeline.report.drawing import COLOURS, INK, THEME, styled_axes, themed


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


def drawn_of_svg(name):
    with styled_axes(3, 2) as (axes, rendered):
        axes.plot([0, 1], color=COLOURS["opposition"], label="a < b & c")
        axes.bar([0], [1], color=COLOURS["agreement"])
        axes.legend()
    return themed(rendered().svg, name, "Up & <down>")


def test_no_style_is_left_and_colours_are_classes():
    """Nothing of the theme's colours stands in the drawing, so that dark mode can change them all."""
    svg = drawn_of_svg("one")
    assert "style" not in svg
    assert not re.search("|".join(THEME), svg, re.IGNORECASE)
    assert 'class="k-opposition"' in svg
    assert "f-agreement" in svg
    assert {COLOURS[name] for name in COLOURS} | {INK} <= set(THEME)


def test_two_figures_of_a_page_share_no_id_and_refer_to_their_own():
    ids = [set(re.findall(r'\bid="([^"]+)"', drawn_of_svg(name))) for name in ("one", "two")]
    assert ids[0]
    assert not ids[0] & ids[1]
    svg = drawn_of_svg("one")
    referred = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r'href="#([^"]+)"', svg))
    assert referred
    assert referred <= ids[0]


def test_the_title_is_read_aloud_and_text_is_escaped():
    svg = drawn_of_svg("one")
    assert svg.startswith("<svg")
    assert 'role="img"' in svg
    assert 'aria-label="Up &amp; &lt;down&gt;"' in svg
    assert "a &lt; b &amp; c" in svg
