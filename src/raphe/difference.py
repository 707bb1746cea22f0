"""What two versions of the knowledge declare differently, as far as predictions hang on it.

A difference can be swapped: a version in which one thing is as the other version has it, and all
else as it was. Since each unknown has a random stream of its own, seeded by its name, two versions
differ in their draws by what was swapped alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from raphe.composition import compose
from raphe.drug import Drug
from raphe.errors import InputError, Problem, noting
from raphe.flat_pathway import FlatPathway, PlacedEdge, PlacedNode
from raphe.grades import STRENGTHS, TONES
from raphe.knowledge import Knowledge
from raphe.target import Targets
from raphe.units import Interval

Kind = Literal["edge", "node", "cascade", "target", "drug row", "exposure"]
#: Tells placed edges apart: ends, and whether slow.
EdgeKey = tuple[str, str, bool]


@dataclass(frozen=True, eq=False)
class Version:
    """What predictions are made of."""

    flat: FlatPathway
    targets: Targets
    drugs: Mapping[str, Drug]

    @property
    def edges(self) -> dict[EdgeKey, PlacedEdge]:
        """Edges by what tells them apart."""
        return {(one.source, one.target, one.declared.slow): one for one in self.flat.edges}


@dataclass(frozen=True)
class Difference:
    """One thing that two versions declare differently."""

    kind: Kind
    #: The pathway or drug that declares it.
    where: str
    what: str
    #: In words; empty where that version has nothing of it.
    before: str
    after: str
    #: What is swapped: placed edges, nodes, a target's name, or a drug's target.
    edges: frozenset[EdgeKey] = field(default=frozenset(), repr=False)
    nodes: frozenset[str] = field(default=frozenset(), repr=False)
    name: str = field(default="", repr=False)

    @property
    def is_of_a_drug(self) -> bool:
        """Whether it concerns one drug alone."""
        return self.kind in ("drug row", "exposure")

    def __str__(self) -> str:
        places = max(len(self.edges), len(self.nodes))
        where = f" [{self.where}{f', {places} places' if places > 1 else ''}]"
        if not self.before:
            return f"{self.kind} {self.what} added ({self.after}){where}"
        if not self.after:
            return f"{self.kind} {self.what} removed{where}"
        return f"{self.kind} {self.what}: {self.before} → {self.after}{where}"


def load_version(knowledge: Knowledge, circuit: str) -> Version:
    """A circuit, its targets and all drugs.

    Raises
    ------
    InputError
        With every file that is wrong.
    """
    problems: list[Problem] = []
    drugs: dict[str, Drug] = {}
    for name in knowledge.names("drugs"):
        with noting(problems):
            drugs[name] = knowledge.drug(name)
    if problems:
        raise InputError(problems)
    flat = compose(knowledge.circuit(circuit), knowledge.cascade)
    return Version(flat, knowledge.targets, MappingProxyType(drugs))


def find_differences(one: Version, other: Version) -> tuple[Difference, ...]:
    """What differs, those of the circuit first; only what a prediction can hang on."""
    found = [
        *_edge_differences(one, other),
        *_node_differences(one, other),
        *_target_differences(one, other),
    ]
    for name in sorted(set(one.drugs) & set(other.drugs)):
        found += _drug_differences(one.drugs[name], other.drugs[name])
    return tuple(found)


def swapped(version: Version, other: Version, differences: Iterable[Difference]) -> Version:
    """A version in which some things are as the other has them."""
    for difference in differences:
        version = _swapped_one(version, other, difference)
    return version


def _swapped_one(version: Version, other: Version, difference: Difference) -> Version:
    if difference.kind in ("drug row", "exposure"):
        drugs = dict(version.drugs)
        own, its = drugs[difference.where], other.drugs[difference.where]
        if difference.kind == "exposure":
            changed: dict[str, Any] = {"exposure": its.exposure}
        else:
            changed = {"targets": _replaced(own.targets, its.targets, difference.name)}
        drugs[difference.where] = own.model_copy(update=changed)
        return replace(version, drugs=MappingProxyType(drugs))
    if difference.kind == "target":
        own_targets, its_targets = version.targets, other.targets
        targets = Targets(
            targets=_replaced(own_targets.targets, its_targets.targets, difference.name),
            families=_replaced(own_targets.families, its_targets.families, difference.name),
        )
        return replace(version, targets=targets)
    edges, theirs = version.edges, other.edges
    nodes = dict(version.flat.nodes)
    for key in difference.edges:
        edges.pop(key, None)
        if key in theirs:
            edges[key] = theirs[key]
            # An edge that comes in brings its ends along.
            for end in key[:2]:
                nodes.setdefault(end, other.flat.nodes[end])
    for name in difference.nodes:
        nodes[name] = other.flat.nodes[name]
    flat = replace(
        version.flat,
        nodes=MappingProxyType(dict(sorted(nodes.items()))),
        edges=tuple(edges[key] for key in sorted(edges)),
    )
    return replace(version, flat=flat)


def _replaced(own: Mapping[str, Any], its: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A mapping with one value as the other has it, in the order of whichever has all."""
    changed = {key: value for key, value in own.items() if key != name}
    if name in its:
        changed[name] = its[name]
    order = {
        key: place for place, key in enumerate((*own, *(key for key in its if key not in own)))
    }
    return dict(sorted(changed.items(), key=lambda one: order[one[0]]))


def _edge_differences(one: Version, other: Version) -> list[Difference]:
    own, its = one.edges, other.edges
    declared_own, declared_its = (set(map(_declaration, side.values())) for side in (own, its))
    groups: dict[tuple[Kind, str, str, str, str], set[EdgeKey]] = {}
    for key in sorted(own.keys() | its.keys()):
        before, after = own.get(key), its.get(key)
        if before and after and _edge_words(before) == _edge_words(after):
            continue
        edge = after or before
        assert edge is not None
        if _declaration(edge) in declared_own & declared_its:
            # The same declaration, in other places: a cascade is included elsewhere.
            group: tuple[Kind, str, str, str, str] = (
                "cascade",
                edge.origin.pathway,
                "as it is included",
                "there" if before else "elsewhere",
                "there" if after else "elsewhere",
            )
        else:
            group = (
                "edge",
                edge.origin.pathway,
                str(edge.declared),
                *_arrowless(_edge_words(before), _edge_words(after)),
            )
        groups.setdefault(group, set()).add(key)
    return [Difference(*group, edges=frozenset(keys)) for group, keys in groups.items()]


def _arrowless(before: str, after: str) -> tuple[str, str]:
    """Words of both versions without the arrow, where it is the same or only one has it."""
    arrows = {words.partition(" ")[0] for words in (before, after) if words}
    if len(arrows) > 1:
        return before, after
    return before.partition(" ")[2], after.partition(" ")[2]


def _declaration(edge: PlacedEdge) -> tuple[str, str, str]:
    return edge.origin.pathway, str(edge.declared), _edge_words(edge)


def _edge_words(edge: PlacedEdge | None) -> str:
    """What a prediction hangs on, in words; the sign too, in which two edges may differ."""
    if edge is None:
        return ""
    declared = edge.declared
    words = [declared.arrow, _class(declared.strength, STRENGTHS)]
    words += ["necessary"] if declared.necessary else []
    words += [f"contested: {declared.contested}"] if declared.contested else []
    return " ".join(words)


def _node_differences(one: Version, other: Version) -> list[Difference]:
    groups: dict[tuple[str, str, str, str], set[str]] = {}
    for name in sorted(one.flat.nodes.keys() & other.flat.nodes.keys()):
        before, after = one.flat.nodes[name], other.flat.nodes[name]
        own, its = _node_words(before), _node_words(after)
        changed = [key for key in own if own[key] != its[key]]
        if changed:
            before_words, after_words = (
                ", ".join(f"{key} {side[key]}" for key in changed) for side in (own, its)
            )
            group = (after.origin.pathway, name.rpartition(".")[2], before_words, after_words)
            groups.setdefault(group, set()).add(name)
    return [
        Difference(
            "node",
            where,
            next(iter(names)) if len(names) == 1 else local,
            was,
            now,
            nodes=frozenset(names),
        )
        for (where, local, was, now), names in groups.items()
    ]


def _node_words(node: PlacedNode) -> dict[str, str]:
    declared = node.declared
    return {
        "tone": _class(declared.resting_tone, TONES),
        "kind": declared.kind.value,
        "target": ", ".join(declared.target) or "none",
        "reserve": "yes" if declared.reserve else "no",
        "occupied": "yes" if declared.occupied else "no",
        "compartment": declared.where.value,
        "place": node.place or "none",
    }


def _target_differences(one: Version, other: Version) -> list[Difference]:
    found = []
    for name in sorted({*one.targets.names, *other.targets.names}):
        before, after = (", ".join(side.targets.symbols(name)) for side in (one, other))
        holds = name in {*one.targets.targets, *one.targets.families}
        holds |= name in {*other.targets.targets, *other.targets.families}
        if before != after and holds:
            found.append(Difference("target", "targets", name, before, after, name=name))
    return found


def _drug_differences(one: Drug, other: Drug) -> list[Difference]:
    found = []
    for target in sorted({*one.targets, *other.targets}):
        before, after = (_row_words(side, target) for side in (one, other))
        if before != after:
            found.append(
                Difference(
                    "drug row", one.name, f"{one.name} at {target}", before, after, name=target
                )
            )
    before, after = (
        f"{side.exposure[side.usual_exposure].free} nM ({side.usual_exposure})"
        for side in (one, other)
    )
    if before != after:
        found.append(Difference("exposure", one.name, one.name, before, after))
    return found


def _row_words(drug: Drug, target: str) -> str:
    """All that counts of what a drug does at a target."""
    words = []
    for row in drug.targets.get(target, ()):
        if row.is_used:
            parts = [row.action.value]
            parts += [f"{row.affinity} nM"] if row.affinity is not None else []
            parts += [f"occupancy {row.occupancy}"] if row.occupancy is not None else []
            parts += [f"efficacy {row.efficacy}"] if row.efficacy is not None else []
            words.append(" ".join(parts))
    return "; ".join(words)


def _class(interval: Interval, classes: Mapping[str, Interval]) -> str:
    """The word for a range, where there is one."""
    return next((word for word, one in classes.items() if one == interval), str(interval))
