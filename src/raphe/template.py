"""Commented beginnings of knowledge files, filled in as far as is known, for authors to complete.

Each is valid as it is. What it lacks it says itself, where validation repeats it until it is there;
a finding that lacks something is out of scope until then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template as Text

from raphe.checks.blanks import BLANK
from raphe.composition import compose
from raphe.drug import Action
from raphe.errors import InputError, NotFoundError, Problem, nearest
from raphe.finding import Direction, Regimen
from raphe.formats.documents import parse_document
from raphe.formats.validation import closest
from raphe.formats.yaml_text import parse_yaml
from raphe.knowledge import COLLECTED, NAMED, Knowledge
from raphe.pathway import NAME
from raphe.units import parse_affinity, parse_p_value

_HOW_TO_BIND = "Write 'HTR2A=antagonist:6.3 nM', 'HTR2A=antagonist:pKi 8.2' or 'HTR2A=antagonist'."
_NODES_ARE_LISTED = (
    "'raphe list nodes' names them all; one that no circuit has goes into the file by hand, "
    "and out of the score."
)
_UNKNOWN = "not specified"
_ROW = re.compile(r"([^=]+?)\s*=\s*([^:]+?)\s*(?::\s*(?:(Ki|pKi|Kd|IC50)\s)?\s*(.*))?")
#: What stands in place of the rows that nobody gave; it is not computed with.
_EXAMPLE_ROW = ("HTR2A", Action.ANTAGONIST.value, "Ki", _UNKNOWN)
#: The template of each folder's files.
_TEMPLATES = {
    "cascades": "pathway",
    "drugs": "drug",
    "findings": "finding",
    "references": "reference",
}


@dataclass(frozen=True)
class Template:
    """A file that is to be written."""

    #: The folder of a knowledge base that it belongs into.
    folder: str
    name: str
    text: str

    @property
    def file(self) -> str:
        """Where it belongs, within a knowledge base."""
        return f"{self.folder}/{self.name}.yaml"


def drug_template(
    knowledge: Knowledge, name: str, targets: Sequence[str] = (), reference: str = ""
) -> Template:
    """The beginning of a drug file.

    Parameters
    ----------
    knowledge
        What is there already.
    name
        A new one: neither a drug's name nor a synonym.
    targets
        What it binds, as ``HTR2A=antagonist:6.3 nM``, ``HTR2A=antagonist:pKi 8.2`` or
        ``HTR2A=antagonist``.
    reference
        Id of the paper that says so.

    Raises
    ------
    InputError
        With everything that is wrong with these.
    """
    try:
        known = knowledge.drug(name).name
        same = "there already" if known == name else f"a name of '{known}', which is there already"
        problems = [_taken(f"drug '{name}' is {same}.", f"drugs/{known}.yaml")]
    except NotFoundError:
        problems = _name_problems(name)
    problems += _reference_problems(knowledge, reference)
    rows = [row for text in targets if (row := _row(knowledge, text, problems))]
    named: dict[tuple[str, ...], str] = {}
    for target, *_ in rows:
        symbols = knowledge.targets.symbols(target) or (target,)
        if symbols in named:
            what = f"'{named[symbols]}' and '{target}' are the same target."
            problems.append(Problem(what, "Give one; the second row goes into the file."))
        named[symbols] = target
    if problems:
        raise InputError(problems)
    blanks = ["exposure"] if rows else ["targets", "exposure"]
    lines = []
    for target, action, constant, affinity in rows or [_EXAMPLE_ROW]:
        lines += [
            f"  {target}:",
            f"    action: {action}",
            f"    {constant}: {affinity}",
            "    # species: human",
            # Nobody says what the example says.
            f"    evidence: {_evidence(reference if rows else '')}",
        ]
    return _filled(
        "drugs",
        name,
        title=_scalar(name[:1].upper() + name[1:]),
        blanks=", ".join(blanks),
        actions=", ".join(Action),
        targets="\n".join(lines),
    )


def finding_template(
    knowledge: Knowledge,
    name: str = "",
    drugs: Sequence[str] = (),
    readout: str = "",
    direction: str = "",
    regimen: str = "",
    condition: str = "",
    compared_with: Sequence[str] = (),
    reference: str = "",
) -> Template:
    """The beginning of a file of findings, with one in it.

    Parameters
    ----------
    knowledge
        What is there already.
    name
        A new id; made of drugs, readout and regimen if empty.
    drugs, readout, direction, regimen, condition, compared_with
        As far as they are known; see `raphe.finding.Finding`.
    reference
        Id of the paper.

    Raises
    ------
    InputError
        With everything that is wrong with these.
    """
    problems: list[Problem] = []
    given = [_drug(knowledge, one, problems) for one in dict.fromkeys(drugs)]
    against = [
        one if one == "vehicle" else _drug(knowledge, one, problems, ["vehicle"])
        for one in dict.fromkeys(compared_with)
    ]
    others = [one for one in against if one != "vehicle"]
    if others and others != against:
        problems.append(Problem("compared with vehicle and with drugs.", "Choose one."))
    _require(readout, _nodes(knowledge), "node", _NODES_ARE_LISTED, problems)
    _require(condition, knowledge.names("conditions"), "condition", _listed("conditions"), problems)
    _require(direction, list(Direction), "direction", _or(Direction), problems)
    _require(regimen, list(Regimen), "regimen", _or(Regimen), problems)
    problems += _reference_problems(knowledge, reference)
    cause = [*given, *([condition] if condition else [])]
    if not name and cause and readout and regimen:
        name = "-".join([*cause, *readout.split("."), regimen]).lower()
    if not name:
        what = "no name for the finding."
        remedy = "Give one, or '--drug', '--readout' and '--regimen', of which one is made."
        problems.append(Problem(what, remedy))
    elif name in knowledge.findings:
        what = f"finding '{name}' is there already."
        remedy = (
            "If another paper reports it too, give a name of its own: 'raphe new finding NAME …', "
            "for instance with its first author; if it is the same paper, complete that one."
        )
        problems.append(Problem(what, remedy))
    else:
        problems += _name_problems(name)
    if problems:
        raise InputError(problems)
    told = {
        "drugs": bool(cause),
        "readout": bool(readout),
        "direction": bool(direction),
        "regimen": bool(regimen),
    }
    blanks = [field for field, known in told.items() if not known]
    shown = given or ([] if condition else ["mirtazapine"])
    return _filled(
        "findings",
        name,
        if_drugs=_if(shown),
        drugs="\n".join(f"      {_scalar(one)}: {{}}" for one in shown),
        if_condition=_if(condition),
        condition=condition or "chronic_mild_stress",
        if_against=_if(others),
        against=", ".join(map(_scalar, others or ["fluoxetine"])),
        regimen=regimen or ("chronic" if direction == Direction.NORMALISED else "acute"),
        readout=readout or "LC.firing",
        direction=direction or "up",
        if_outside=_if(blanks),
        outside=f"{BLANK}: {', '.join(blanks)}" if blanks else "no circuit has this region",
        evidence=_evidence(reference),
    )


def cascade_template(knowledge: Knowledge, name: str, reference: str = "") -> Template:
    """The beginning of a cascade, under a new name.

    Raises
    ------
    InputError
        With everything that is wrong with these.
    """
    problems = [*_name_problems(name), *_reference_problems(knowledge, reference)]
    if name in knowledge.names("cascades"):
        problems.append(_taken(f"cascade '{name}' is there already.", f"cascades/{name}.yaml"))
    if problems:
        raise InputError(problems)
    title = _scalar((name[:1].upper() + name[1:]).replace("_", " "))
    return _filled("cascades", name, title=title, evidence=_evidence(reference))


def reference_template(knowledge: Knowledge, name: str) -> Template:
    """The beginning of a file of references, with one in it, under a new id.

    Raises
    ------
    InputError
        The id is none, or not new.
    """
    problems = _name_problems(name)
    if name in knowledge.references:
        known = knowledge.references[name]
        what = f"reference '{name}' is there already: {known.citation}, {known.title}"
        remedy = "Cite it, or add a letter to the id of the other."
        problems.append(Problem(f"{what.rstrip('.')}.", remedy))
    if problems:
        raise InputError(problems)
    return _filled("references", name)


def _filled(folder: str, name: str, **parts: str) -> Template:
    """A template with its blanks filled, which is what a file of its folder declares.

    Raises
    ------
    InputError
        The parts do not fit each other.
    """
    raw = (files("raphe") / "templates" / f"{_TEMPLATES[folder]}.yaml").read_text("utf-8")
    filled = Text(raw).substitute(parts, name=_scalar(name))
    text = "".join(f"{line.rstrip()}\n" for line in filled.splitlines() if line.strip())
    try:
        parse_document(text, {**NAMED, **COLLECTED}[folder], "")
    except InputError as error:
        # Nobody has seen the lines that these problems stand in.
        raise InputError([Problem(one.what, one.remedy) for one in error.problems]) from None
    return Template(folder, name, text)


def _if(there: object) -> str:
    """What stands before a line: nothing, or the sign of a comment."""
    return "" if there else "# "


def _scalar(text: str) -> str:
    """A text as YAML reads it back."""
    try:
        plain = parse_yaml(f"- {text}", "").data == [text]
    except InputError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)


def _evidence(reference: str) -> str:
    return f"[{{ref: {reference}}}]" if reference else "[]"


def _name_problems(name: str) -> list[Problem]:
    if re.search(NAME, name):
        return []
    what = f"'{name}' is no name."
    return [Problem(what, "Use letters, digits, - and _, as in 'mirtazapine' or '8-oh-dpat'.")]


def _taken(what: str, file: str) -> Problem:
    return Problem(what, f"Complete that one; to override it, copy its file, {file}.")


def _reference_problems(knowledge: Knowledge, reference: str) -> list[Problem]:
    if not reference or reference in knowledge.references:
        return []
    remedy = closest(reference, sorted(knowledge.references))
    make = f"'raphe new reference {reference}' begins a new one."
    return [Problem(f"no reference '{reference}'.", f"{remedy} {make}".strip())]


def _drug(
    knowledge: Knowledge, name: str, problems: list[Problem], others: Iterable[str] = ()
) -> str:
    """A drug's own name."""
    try:
        return knowledge.drug(name).name
    except NotFoundError as error:
        offered = nearest(name, others) or error.problems[0].remedy
        problems.append(Problem(error.problems[0].what, offered))
        return name


def _require(
    name: str, known: Iterable[str], word: str, otherwise: str, problems: list[Problem]
) -> None:
    """Note a name that is given and unknown, with what is near it or else what is known."""
    names = list(map(str, known))
    if name and name not in names:
        problems.append(Problem(f"no {word} '{name}'.", closest(name, names) or otherwise))


def _listed(kind: str) -> str:
    return f"'raphe list {kind}' names them all."


def _or(names: Iterable[str]) -> str:
    *most, last = names
    return f"It is {', '.join(most)} or {last}."


def _nodes(knowledge: Knowledge) -> list[str]:
    """Nodes of all circuits."""
    circuits = [knowledge.circuit(name) for name in knowledge.names("circuits")]
    return sorted({node for one in circuits for node in compose(one, knowledge.cascade).nodes})


def _row(
    knowledge: Knowledge, text: str, problems: list[Problem]
) -> tuple[str, str, str, str] | None:
    """Target, action, constant and affinity of a row such as ``HTR2A=antagonist:6.3 nM``."""
    found = _ROW.fullmatch(text.strip())
    if found is None:
        problems.append(Problem(f"'{text}' is no row of a binding table.", _HOW_TO_BIND))
        return None
    target, action, constant, number = found.groups()
    _require(target, knowledge.targets.names, "target", _listed("targets"), problems)
    _require(action, list(Action), "action", _or(Action), problems)
    if not number or number == _UNKNOWN:
        return target, action, "Ki", _UNKNOWN
    try:
        (parse_p_value if constant == "pKi" else parse_affinity)(number)
    except ValueError as error:
        remedy = "A pKi has none: 'pKi 8.2'." if "no unit" in str(error) else ""
        problems.append(Problem(f"'{text}': {error}.", remedy))
    return target, action, constant or "Ki", number if constant == "pKi" else _scalar(number)
