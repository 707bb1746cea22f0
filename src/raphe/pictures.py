"""A name to a picture: declared figures, workflows, cascades, and cuts of circuits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raphe.composition import FlatPathway, compose, compose_cascade
from raphe.cut import nodes_around, nodes_between, require_readable
from raphe.diagram.dot import to_dot
from raphe.diagram.draw import choose_layout, draw_svg
from raphe.diagram.engine import Engine, render_png
from raphe.diagram.figure import Figure
from raphe.diagram.style import Theme
from raphe.drawing import draw_pathway, draw_workflow, explaining_nodes
from raphe.errors import InputError, Problem, nearest
from raphe.knowledge import Knowledge
from raphe.prediction import Prediction, treatment_title
from raphe.questions import Setting, predict
from raphe.view import View

FORMATS = ("svg", "png", "dot")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see."""

    name: str
    drugs: tuple[str, ...] = ()
    around: str = ""
    hops: int = 2
    path: tuple[str, ...] = ()
    #: Further arguments of `raphe.questions.predict`.
    treatment: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """A figure under the name of its files."""

    name: str
    figure: Figure


def declared_pictures(knowledge: Knowledge) -> list[str]:
    """Names of all figures and workflows."""
    return [*knowledge.names("figures"), *knowledge.names("workflows")]


def make_picture(wish: Wish, within: Setting) -> Picture:
    """The picture that a wish names.

    Raises
    ------
    InputError
        Nothing has that name, or what has it is too large to be read.
    """
    knowledge, name = within.knowledge, wish.name
    if name in knowledge.names("figures"):
        return Picture(name, _of_view(knowledge.document("figures", name).value, wish, within))
    if name in knowledge.names("workflows"):
        return Picture(name, draw_workflow(knowledge.document("workflows", name).value))
    if name in knowledge.names("cascades"):
        pathway = compose_cascade(knowledge.cascade(name), knowledge.cascade)
        return Picture(name, _cut(pathway, wish, pathway.title, None))
    if name in knowledge.names("circuits"):
        pathway = compose(knowledge.circuit(name), knowledge.cascade)
        prediction = _prediction(wish.drugs, wish, within)
        title = (
            f"{treatment_title(prediction.treatment).capitalize()}" if prediction else pathway.title
        )
        return Picture(_file_name(wish), _cut(pathway, wish, title, prediction))
    known = [
        *declared_pictures(knowledge),
        *knowledge.names("cascades"),
        *knowledge.names("circuits"),
    ]
    raise InputError(
        [
            Problem(
                f"nothing to draw under '{name}'.",
                nearest(name, known) or f"There are {', '.join(known)}.",
            )
        ]
    )


def picture_of_reasons(prediction: Prediction, name: str = "main_paths") -> Picture:
    """The main paths of a prediction: the nodes that carry it, and nothing else."""
    pathway = prediction.model.network.pathway
    nodes = explaining_nodes(prediction)
    title = f"{treatment_title(prediction.treatment).capitalize()}: what carries the prediction"
    return Picture(name, draw_pathway(pathway, nodes, title, subtitle_of(prediction), prediction))


def render(
    picture: Picture, formats: Sequence[str], theme: str = "light", engine: str = "embedded"
) -> dict[str, str | bytes]:
    """The files of a picture, by name."""
    suffix = "" if theme == "light" else f"_{theme}"
    palette, drawer = Theme(theme), Engine(engine)
    layout = choose_layout(picture.figure, drawer)
    files: dict[str, str | bytes] = {}
    if "dot" in formats:
        files[f"{picture.name}{suffix}.dot"] = to_dot(picture.figure, palette, layout)
    if {"svg", "png"}.intersection(formats):
        svg = draw_svg(picture.figure, palette, drawer, layout)
        if "svg" in formats:
            files[f"{picture.name}{suffix}.svg"] = svg
        if "png" in formats:
            files[f"{picture.name}{suffix}.png"] = render_png(svg)
    return files


def subtitle_of(prediction: Prediction) -> str:
    """What the fills of a prediction's picture mean."""
    against = treatment_title(prediction.comparator)
    return f"predicted direction of change · {prediction.regimen} · compared with {against}"


def _of_view(view: View, wish: Wish, within: Setting) -> Figure:
    pathway = compose(within.knowledge.circuit(view.circuit), within.knowledge.cascade)
    drugs = wish.drugs or view.drugs
    regimen = {"regimen": view.regimen.value} if view.regimen and not wish.drugs else {}
    prediction = _prediction(drugs, wish, within, **regimen) if drugs else None
    nodes = view.nodes
    if view.around:
        nodes = nodes_around(pathway, view.around, view.hops)
    elif view.path:
        nodes = nodes_between(pathway, view.path[0], view.path[1])
    require_readable(pathway, nodes)
    subtitle = view.subtitle or (subtitle_of(prediction) if prediction else "")
    if wish.drugs and prediction is not None:
        subtitle = f"{treatment_title(prediction.treatment)} · {subtitle_of(prediction)}"
    return draw_pathway(pathway, nodes, view.title, subtitle, prediction, view.contract)


def _cut(pathway: FlatPathway, wish: Wish, title: str, prediction: Prediction | None) -> Figure:
    nodes: Sequence[str] = tuple(pathway.nodes)
    subtitle = subtitle_of(prediction) if prediction else ""
    if wish.around:
        nodes = nodes_around(pathway, wish.around, wish.hops)
        title = f"{title}: around {wish.around}"
    elif wish.path:
        start, end = wish.path
        nodes = nodes_between(pathway, start, end)
        title = f"{title}: from {wish.path[0]} to {wish.path[1]}"
    require_readable(pathway, nodes)
    return draw_pathway(pathway, nodes, title, subtitle, prediction)


def _prediction(
    drugs: tuple[str, ...], wish: Wish, within: Setting, **more: Any
) -> Prediction | None:
    if not drugs:
        return None
    return predict(*drugs, within=within, **{**wish.treatment, **more}).prediction


def _file_name(wish: Wish) -> str:
    parts = [wish.name, *wish.drugs]
    if wish.around:
        parts += ["around", wish.around]
    if wish.path:
        parts += ["from", wish.path[0], "to", wish.path[1]]
    return "_".join(parts)
