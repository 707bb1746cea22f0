"""A name to a picture: declared figures, workflows, cascades, and cuts of circuits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
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
from raphe.finding import Regimen
from raphe.formats.files import write_files
from raphe.knowledge import Knowledge
from raphe.perturbation import Administration
from raphe.prediction import Prediction, treatment_title
from raphe.prior import USUAL_PRIOR
from raphe.questions import Setting, predict, setting
from raphe.target import Targets
from raphe.view import View

FORMATS = ("svg", "png", "dot")
#: How far a cut reaches around a node, unless it is said.
USUAL_HOPS = 2

#: Kinds of things that have pictures, in the order in which a name is looked up.
_KINDS = {
    "figures": "a declared figure",
    "workflows": "a workflow",
    "cascades": "a cascade",
    "circuits": "a circuit",
}
#: What the options of a treatment do, all but the condition, which needs no drug.
_PURPOSES = {
    "regimen": "says how long a drug acts",
    "dose": "says how much of a drug is given",
    "compared_with": "says what a drug is compared with",
    "without": "spares a target of a drug",
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see."""

    name: str
    drugs: tuple[str, ...] = ()
    around: str = ""
    #: None if it was not said.
    hops: int | None = None
    path: tuple[str, ...] = ()
    #: Further arguments of `raphe.questions.predict`, just those that were given.
    treatment: Mapping[str, Any] = field(default_factory=dict)


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
        remedy = nearest(theme, themes) or f"It is one of {', '.join(themes)}."
        problems.append(Problem(f"no theme '{theme}'.", remedy))
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
        with _noting(found):
            pictures.append(_make(wish, within))
    if found:
        raise InputError(found)
    return pictures


def problems_of(wish: Wish, within: Setting) -> list[Problem]:
    """What is asked of a picture that it does not show, and names that nothing has."""
    knowledge = within.knowledge
    problems: list[Problem] = []
    for drug in wish.drugs:
        with _noting(problems):
            knowledge.drug(drug)
    if wish.around and wish.path:
        problems.append(Problem("'--around' and '--path' are two ways to cut.", "Choose one."))
    if wish.path and len(wish.path) != 2:
        problems.append(Problem("a path has two ends.", "Name both: '--path A B'."))
    if wish.hops is not None and not wish.around:
        remedy = "Add '--around NODE', or leave it out."
        problems.append(Problem("'--hops' says how far '--around' reaches.", remedy))
    kind = _kind(wish.name, knowledge)
    if not kind:
        known = [name for one in _KINDS for name in knowledge.names(one)]
        remedy = nearest(wish.name, known) or f"There are {', '.join(known)}."
        return [*problems, Problem(f"nothing to draw under '{wish.name}'.", remedy)]
    what = _KINDS[kind]
    if kind in ("figures", "workflows"):
        for option in ("around", "path"):
            if getattr(wish, option):
                said = f"'--{option}' cuts circuits, and {wish.name} is {what}."
                problems.append(Problem(said, "Draw it whole, or name a circuit."))
    given = list(wish.treatment)
    if kind in ("workflows", "cascades"):
        useless = [*(["drug"] if wish.drugs else []), *given]
        if useless:
            said = f"{what} shows no prediction; {_options(useless)} cannot be drawn on {wish.name}"
            problems.append(Problem(f"{said}.", "Name a figure or a circuit."))
        return problems
    drugs = wish.drugs
    if kind == "figures" and not drugs:
        with _noting(problems):
            drugs = knowledge.document("figures", wish.name).value.drugs
    alone = "regimen" if wish.treatment.get("condition") else ""
    for option in given if not drugs else ():
        if option in _PURPOSES and option != alone:
            said = f"'--{_dashed(option)}' {_PURPOSES[option]}, and none is drawn on {wish.name}."
            problems.append(Problem(said, "Add '--drug DRUG'."))
    return problems


def picture_of_reasons(prediction: Prediction, name: str = "main_paths") -> Picture:
    """The main paths of a prediction: the nodes that carry it, and nothing else."""
    pathway = prediction.model.network.pathway
    nodes = explaining_nodes(prediction)
    what = _condition_alone(prediction) or _capitalised(treatment_title(prediction.treatment))
    title = f"{what}: what carries the prediction"
    return Picture(name, draw_pathway(pathway, nodes, title, subtitle_of(prediction), prediction))


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
        title = _title_of(prediction)
        subtitle = f"drawn on {name} · {subtitle_of(prediction, with_regimen=False)}"
        name = f"{name}_{experiment_name(prediction)}"
    nodes = _nodes_of(view, pathway)
    return Picture(name, draw_pathway(pathway, nodes, title, subtitle, prediction, view.contract))


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


def subtitle_of(prediction: Prediction, with_regimen: bool = True) -> str:
    """What the fills of a prediction's picture mean."""
    given = prediction.treatment.administrations
    unusual = [f"{one.drug.title.lower()} at {one.exposure}" for one in given if _is_unusual(one)]
    against = treatment_title(prediction.comparator) if given else "the healthy animal"
    parts = [
        "predicted direction of change",
        *([prediction.regimen.value] if with_regimen else []),
        *unusual,
        f"compared with {against}",
    ]
    return " · ".join(parts)


def experiment_name(prediction: Prediction) -> str:
    """What was done, as a part of a file name: the drugs, and what is not usual about them.

    Examples
    --------
    >>> experiment_name(predict("DMI", regimen="acute", within=setting(draws=20)).prediction)
    'desipramine_acute'
    """
    treatment, comparator = prediction.treatment, prediction.comparator
    given = treatment.administrations
    condition = treatment.condition.name if treatment.condition else ""
    parts = [one.drug.name for one in given] or [condition]
    if prediction.regimen is not Regimen.CHRONIC:
        parts.append(prediction.regimen.value)
    parts += _dose_parts(given)
    if given and condition:
        parts += ["under", condition]
    if treatment.without:
        parts += ["without", *_left_out(treatment.without, prediction.model.targets)]
    if comparator.administrations:
        parts += ["against", *(one.drug.name for one in comparator.administrations)]
        parts += _dose_parts(comparator.administrations)
    if prediction.prior != USUAL_PRIOR:
        parts += ["prior", prediction.prior]
    for question, side in prediction.model.sides.items():
        parts += [question, "yes" if side else "no"]
    return safe_name(*parts)


def safe_name(*parts: str) -> str:
    """A file name that every file system takes.

    Examples
    --------
    >>> safe_name("mirtazapine", "dose", "0.06 µM")
    'mirtazapine_dose_0.06_uM'
    """
    text = "_".join(parts).replace("µ", "u").replace("μ", "u").replace("×", "x")
    text = re.sub(r"\s*[-–]\s+|\s+[-–]\s*", "-", text)
    return re.sub(r"[^\w.+'-]+", "_", text).strip("_.") or "picture"


def _make(wish: Wish, within: Setting) -> Picture:
    knowledge, name = within.knowledge, wish.name
    kind = _kind(name, knowledge)
    if kind == "figures":
        return _of_view(knowledge.document("figures", name).value, wish, within)
    if kind == "workflows":
        return Picture(name, draw_workflow(knowledge.document("workflows", name).value))
    if kind == "cascades":
        return _cut(compose_cascade(knowledge.cascade(name), knowledge.cascade), wish, None)
    return _cut(compose(knowledge.circuit(name), knowledge.cascade), wish, _on(name, within))


def _kind(name: str, knowledge: Knowledge) -> str:
    return next((kind for kind in _KINDS if name in knowledge.names(kind)), "")


def _of_view(view: View, wish: Wish, within: Setting) -> Picture:
    drugs = wish.drugs or view.drugs
    regimen = {"regimen": view.regimen.value} if view.regimen and not wish.drugs else {}
    prediction = _prediction(drugs, wish, _on(view.circuit, within), regimen)
    if prediction is not None:
        return picture_of_view(view.name, view, prediction)
    pathway = compose(within.knowledge.circuit(view.circuit), within.knowledge.cascade)
    nodes = _nodes_of(view, pathway)
    figure = draw_pathway(pathway, nodes, view.title, view.subtitle, contract=view.contract)
    return Picture(view.name, figure)


def _nodes_of(view: View, pathway: FlatPathway) -> Sequence[str]:
    nodes: Sequence[str] = view.nodes
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
    with _noting(problems):
        if wish.around:
            hops = USUAL_HOPS if wish.hops is None else wish.hops
            nodes = nodes_around(pathway, wish.around, hops)
            cut, title = ["around", wish.around], f": around {wish.around}"
        elif wish.path:
            start, end = wish.path
            nodes = nodes_between(pathway, start, end)
            cut, title = ["from", start, "to", end], f": from {start} to {end}"
        require_readable(pathway, nodes)
    with _noting(problems):
        prediction = _prediction(wish.drugs, wish, within) if within else None
    if problems:
        raise InputError(problems)
    done = [experiment_name(prediction)] if prediction else []
    title = f"{_title_of(prediction) if prediction else pathway.title}{title}"
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
        and not any(_is_unusual(one) for one in treatment.administrations)
        and treatment.condition is None
        and not treatment.without
        and not comparator.administrations
    )


def _title_of(prediction: Prediction) -> str:
    return _condition_alone(prediction) or _capitalised(prediction.title)


def _condition_alone(prediction: Prediction) -> str:
    """Title of the condition where no drug is given, else nothing."""
    treatment = prediction.treatment
    return (
        treatment.condition.title if treatment.condition and not treatment.administrations else ""
    )


def _capitalised(text: str) -> str:
    """`str.capitalize` would also write symbols of genes small."""
    return text[:1].upper() + text[1:]


def _is_unusual(given: Administration) -> bool:
    return given.exposure != given.drug.usual_exposure


def _dose_parts(given: Sequence[Administration]) -> list[str]:
    parts = []
    for one in given:
        if _is_unusual(one):
            parts += ["dose", *([one.drug.name] if len(given) > 1 else []), one.exposure]
    return parts


def _left_out(symbols: Sequence[str], targets: Targets) -> list[str]:
    """Targets by name, whole families by theirs."""
    left = set(symbols)
    names = []
    families = {name: set(targets.symbols(name)) for name in targets.families}
    for name, members in sorted(families.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if members and members <= left:
            names.append(name)
            left -= members
    return [*names, *sorted(left)]


def _options(names: Sequence[str]) -> str:
    return ", ".join(f"'--{_dashed(name)}'" for name in names)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


@contextmanager
def _noting(problems: list[Problem]) -> Iterator[None]:
    """Go on after wrong input, and keep what was wrong about it."""
    try:
        yield
    except InputError as error:
        problems += [one for one in error.problems if one not in problems]
