"""A name to a picture: declared figures, workflows, cascades, and cuts of circuits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from raphe.composition import compose, compose_cascade
from raphe.cut import nodes_around, nodes_between, nodes_like, require_readable
from raphe.diagram.dot import to_dot
from raphe.diagram.draw import choose_layout, draw_svg
from raphe.diagram.engine import Engine, render_png
from raphe.diagram.figure import Figure
from raphe.diagram.palette import Theme
from raphe.drawing import Carried, Look, draw_pathway, draw_workflow, explaining_nodes
from raphe.errors import InputError, Problem, not_one_of, noting
from raphe.explanation.account import Account
from raphe.explanation.routes import Route
from raphe.finding import Regimen
from raphe.flat_pathway import FlatPathway
from raphe.formats.files import write_files
from raphe.knowledge import Knowledge
from raphe.naming import (
    capitalised,
    condition_alone,
    experiment_name,
    is_unusual,
    safe_name,
    subtitle_of,
    title_of,
)
from raphe.prediction import Prediction, treatment_title
from raphe.questions import predict
from raphe.settings import Setting, setting
from raphe.view import View
from raphe.wish import USUAL_HOPS, Wish, kind_of, problems_of

#: Nodes of a picture of paths, and the least share of the change that is written at an edge.
_MOST_EXPLAINING = 18
_LEAST_CARRIED = 0.02
#: What is written at nodes that a bound holds.
_HELD = {"lowest": "held at its lowest", "highest": "held at its highest"}
FORMATS = ("svg", "png", "dot")


@dataclass(frozen=True)
class Picture:
    """A figure under the name of its files."""

    name: str
    figure: Figure


@dataclass(frozen=True)
class Drawing:
    """A picture that is drawn; notebooks show it."""

    name: str
    svg: str = field(repr=False)
    dot: str = field(repr=False)

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, folder: str | Path = ".") -> list[Path]:
        """Write it as SVG, PNG and DOT into a folder, made if need be; the paths.

        Raises
        ------
        UnavailableError
            The folder cannot be written to.
        """
        files: dict[str, str | bytes] = {
            f"{self.name}.svg": self.svg,
            f"{self.name}.png": render_png(self.svg),
            f"{self.name}.dot": self.dot,
        }
        return write_files(Path(folder), files)


def draw(
    name: str,
    drugs: str | Sequence[str] = (),
    *,
    regimen: str = "",
    around: str = "",
    hops: int | None = None,
    path: Sequence[str] = (),
    theme: str = "light",
    within: Setting | None = None,
) -> Drawing:
    """Draw a figure, workflow, cascade, or a cut of a circuit.

    Parameters
    ----------
    name
        Of any of these.
    drugs
        Draw the prediction of these drugs.
    regimen
        ``acute``, ``chronic`` or ``washout``; by default what the figure declares, else chronic.
    around, hops
        Cut out of a circuit or cascade what is near a node, by default two edges far.
    path
        Or else: cut out the ways from one node to another.
    theme
        ``light`` or ``dark``.
    within
        Knowledge and draws; see `raphe.setting`.

    Raises
    ------
    InputError
        With everything that was mistyped, or does nothing for this picture.

    Examples
    --------
    >>> drawing = draw("monoamine", around="LC.firing", hops=1)
    >>> drawing.name, drawing.svg.startswith("<svg")
    ('monoamine_around_LC.firing', True)
    """
    wish = Wish(
        name,
        drugs=(drugs,) if isinstance(drugs, str) else tuple(drugs),
        around=around,
        hops=hops,
        path=tuple(path),
        treatment={"regimen": regimen} if regimen else {},
    )
    themes = [one.value for one in Theme]
    problems = []
    if theme not in themes:
        problems.append(not_one_of(themes, "theme", theme))
    (picture,) = make_pictures([wish], within or setting(), problems)
    files = render(picture, ("svg", "dot"), theme)
    stem = next(iter(files)).rpartition(".")[0]
    return Drawing(stem, str(files[f"{stem}.svg"]), str(files[f"{stem}.dot"]))


def declared_pictures(knowledge: Knowledge) -> list[str]:
    """Names of all figures and workflows."""
    return [*knowledge.names("figures"), *knowledge.names("workflows")]


def make_picture(wish: Wish, within: Setting) -> Picture:
    """The picture that a wish names.

    Raises
    ------
    InputError
        Nothing has that name, what has it is too large to be read, or something was asked of it
        that it does not show.
    """
    (picture,) = make_pictures([wish], within)
    return picture


def make_pictures(
    wishes: Sequence[Wish], within: Setting, problems: Sequence[Problem] = ()
) -> list[Picture]:
    """The pictures of several wishes, or everything that is wrong with any of them.

    Parameters
    ----------
    problems
        What is known to be wrong already.

    Raises
    ------
    InputError
        See `make_picture`.
    """
    found = list(problems)
    for wish in wishes:
        found += [one for one in problems_of(wish, within) if one not in found]
    pictures = []
    for wish in wishes if not found else ():
        with noting(found):
            pictures.append(_make(wish, within))
    if found:
        raise InputError(found)
    return pictures


def picture_of_reasons(prediction: Prediction, name: str = "main_paths") -> Picture:
    """The main paths of a prediction: the nodes that carry it, and nothing else."""
    pathway = prediction.model.network.pathway
    nodes = explaining_nodes(prediction)
    what = condition_alone(prediction) or capitalised(treatment_title(prediction.treatment))
    title = f"{what}: what carries the prediction"
    return Picture(name, draw_pathway(pathway, nodes, title, subtitle_of(prediction), prediction))


def picture_of_account(account: Account, name: str, most_paths: int) -> Picture:
    """The paths that carry a change, with what each edge of them carries of it.

    Parameters
    ----------
    most_paths
        As many paths, strongest first, as fit a picture; at most these.
    """
    prediction, node = account.prediction, account.node
    pathway = prediction.model.network.pathway
    nodes: dict[str, None] = {node: None}
    for route in account.causes.trace(most_paths).routes:
        if len({*nodes, *route.nodes}) <= _MOST_EXPLAINING:
            nodes |= dict.fromkeys(route.nodes)
    shown = account.carried(account.trace.routes)
    ends = {
        pair: part
        for pair, part in shown.items()
        if pair[0] in nodes and pair[1] in nodes and abs(part) >= _LEAST_CARRIED
    }
    is_over = prediction.regimen is Regimen.WASHOUT
    held = {
        route.nodes[0]: f"{_HELD[route.bound]}{_under(route) if is_over else ''}"
        for route in account.trace.routes
        if route.bound in _HELD and route.nodes[0] in nodes
    }
    title = f"{title_of(prediction)}: why {node} changes"
    subtitle = (
        f"{subtitle_of(prediction, with_regimen=False)} · at edges: share of the change that paths "
        "along them carry, negative against it"
        f"{' · fills: after the drug; paths set out under it' if is_over else ''}"
    )
    figure = draw_pathway(pathway, nodes, title, subtitle, prediction, carried=Carried(ends, held))
    return Picture(name, figure)


def _under(route: Route) -> str:
    return "" if route.later == 0 else " under the drug"


def picture_of_view(name: str, view: View, prediction: Prediction) -> Picture:
    """A declared figure with a prediction on it, titled by what was done unless it declares it.

    Parameters
    ----------
    prediction
        Of the figure's circuit.
    """
    pathway = prediction.model.network.pathway
    title, subtitle = view.title, view.subtitle or subtitle_of(prediction)
    if not _declares(view, prediction):
        title = title_of(prediction)
        subtitle = f"drawn on {name} · {subtitle_of(prediction, with_regimen=False)}"
        name = f"{name}_{experiment_name(prediction)}"
    return Picture(name, _drawn(view, pathway, title, subtitle, prediction))


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


def _make(wish: Wish, within: Setting) -> Picture:
    knowledge, name = within.knowledge, wish.name
    kind = kind_of(name, knowledge)
    if kind == "figures":
        return _of_view(knowledge.document("figures", name).value, wish, within)
    if kind == "workflows":
        return Picture(name, draw_workflow(knowledge.document("workflows", name).value))
    if kind == "cascades":
        return _cut(compose_cascade(knowledge.cascade(name), knowledge.cascade), wish, None)
    return _cut(compose(knowledge.circuit(name), knowledge.cascade), wish, _on(name, within))


def _of_view(view: View, wish: Wish, within: Setting) -> Picture:
    drugs = wish.drugs or view.drugs
    regimen = {"regimen": view.regimen.value} if view.regimen and not wish.drugs else {}
    prediction = _prediction(drugs, wish, _on(view.circuit, within), regimen)
    if prediction is not None:
        return picture_of_view(view.name, view, prediction)
    pathway = compose(within.knowledge.circuit(view.circuit), within.knowledge.cascade)
    return Picture(view.name, _drawn(view, pathway, view.title, view.subtitle))


def _drawn(
    view: View,
    pathway: FlatPathway,
    title: str,
    subtitle: str,
    prediction: Prediction | None = None,
) -> Figure:
    nodes = _nodes_of(view, pathway)
    look = Look(view.contract, view.grounds, view.grid)
    return draw_pathway(pathway, nodes, title, subtitle, prediction, look)


def _nodes_of(view: View, pathway: FlatPathway) -> Sequence[str]:
    nodes: Sequence[str] = nodes_like(
        pathway.nodes, [*view.nodes, *(name for row in view.grid for name in row if name)]
    )
    if view.around:
        nodes = nodes_around(pathway, view.around, view.hops)
    elif view.path:
        nodes = nodes_between(pathway, view.path[0], view.path[1])
    require_readable(pathway, nodes)
    return nodes


def _cut(pathway: FlatPathway, wish: Wish, within: Setting | None) -> Picture:
    """The cut that is wished for; without a setting it is of a cascade, and has no prediction."""
    nodes: Sequence[str] = tuple(pathway.nodes)
    cut, title, prediction = [], "", None
    problems: list[Problem] = []
    with noting(problems):
        if wish.around:
            hops = USUAL_HOPS if wish.hops is None else wish.hops
            nodes = nodes_around(pathway, wish.around, hops)
            cut, title = ["around", wish.around], f": around {wish.around}"
        elif wish.path:
            start, end = wish.path
            nodes = nodes_between(pathway, start, end)
            cut, title = ["from", start, "to", end], f": from {start} to {end}"
        require_readable(pathway, nodes)
    with noting(problems):
        prediction = _prediction(wish.drugs, wish, within) if within else None
    if problems:
        raise InputError(problems)
    done = [experiment_name(prediction)] if prediction else []
    title = f"{title_of(prediction) if prediction else pathway.title}{title}"
    subtitle = subtitle_of(prediction) if prediction else ""
    figure = draw_pathway(pathway, nodes, title, subtitle, prediction)
    return Picture(safe_name(wish.name, *done, *cut), figure)


def _prediction(
    drugs: tuple[str, ...], wish: Wish, within: Setting, usual: Mapping[str, Any] | None = None
) -> Prediction | None:
    if not drugs and not wish.treatment.get("condition"):
        return None
    return predict(*drugs, within=within, **{**(usual or {}), **wish.treatment}).prediction


def _on(circuit: str, within: Setting) -> Setting:
    """The same setting with the circuit that is drawn."""
    return within if circuit == within.circuit else _with_circuit(within, circuit)


@lru_cache(maxsize=8)
def _with_circuit(within: Setting, circuit: str) -> Setting:
    return replace(within, circuit=circuit)


def _declares(view: View, prediction: Prediction) -> bool:
    """Whether a prediction is of the experiment that the figure was declared with."""
    treatment, comparator = prediction.treatment, prediction.comparator
    return (
        [one.drug.name for one in treatment.administrations] == list(view.drugs)
        and prediction.regimen is (view.regimen or Regimen.CHRONIC)
        and not any(is_unusual(one) for one in treatment.administrations)
        and treatment.condition is None
        and not treatment.without
        and not comparator.administrations
    )
