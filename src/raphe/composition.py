"""Pathways with parameters and includes to one flat pathway."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType

from raphe.errors import InputError, Problem, nearest
from raphe.flat_pathway import FlatPathway, Origin, PlacedEdge, PlacedNode
from raphe.formats.documents import Document
from raphe.pathway import Cascade, Circuit, Include, Pathway, Place

#: Bounds of what includes may grow to; the circuit that ships has a hundredth of the size.
MAX_DEPTH = 32
MAX_SIZE = 100_000

Cascades = Callable[[str], Document[Cascade]]

_DECLARE = "Declare it under 'nodes:'."


def compose(circuit: Document[Circuit], cascades: Cascades) -> FlatPathway:
    """The flat pathway that a circuit and the cascades that it includes declare.

    Parameters
    ----------
    circuit
        What is to be flattened.
    cascades
        Gives a cascade by name, and raises `InputError` for one that is not there.

    Raises
    ------
    InputError
        With every clash of names, loose end, unbound or unused parameter, and loop of includes.
    """
    value = circuit.value
    composition = _Composition(cascades, value.places)
    composition.expand(circuit, "", {}, ())
    composition.check_ends()
    for number, readout in enumerate(value.readouts):
        if readout not in composition.nodes:
            composition.problems.append(
                circuit.source.problem(
                    ("readouts", number),
                    f"no node '{readout}'.",
                    nearest(readout, composition.nodes) or _DECLARE,
                )
            )
    words = {*value.places, *(name.rsplit(".", 1)[-1] for name in composition.nodes)}
    for said, meant in value.synonyms.items():
        if meant not in words:
            what = f"'{said}' is to mean '{meant}', no place and no node's last name."
            at = circuit.source.problem(("synonyms", said), what, nearest(meant, words))
            composition.problems.append(at)
    if composition.problems:
        raise InputError(dict.fromkeys(composition.problems))
    return FlatPathway(
        name=value.name,
        title=value.title,
        nodes=MappingProxyType(dict(sorted(composition.nodes.items()))),
        edges=tuple(sorted(composition.edges, key=lambda e: (e.source, e.target, e.declared.slow))),
        places=MappingProxyType(dict(value.places)),
        readouts=value.readouts,
        synonyms=MappingProxyType(value.synonyms),
    )


def compose_cascade(cascade: Document[Cascade], cascades: Cascades) -> FlatPathway:
    """A cascade by itself, its parameters standing as open nodes: for drawing and validation."""
    composition = _Composition(cascades, {})
    bindings = {name: (name,) for name in cascade.value.parameters}
    composition.open_ends = frozenset(cascade.value.parameters)
    composition.expand(cascade, "", bindings, ())
    composition.check_ends()
    if composition.problems:
        raise InputError(dict.fromkeys(composition.problems))
    return FlatPathway(
        name=cascade.value.name,
        title=cascade.value.title,
        nodes=MappingProxyType(dict(sorted(composition.nodes.items()))),
        edges=tuple(sorted(composition.edges, key=lambda e: (e.source, e.target, e.declared.slow))),
    )


class _Composition:
    """Collects nodes, edges and problems while includes are followed."""

    def __init__(self, cascades: Cascades, places: Mapping[str, Place]) -> None:
        self.nodes: dict[str, PlacedNode] = {}
        self.edges: list[PlacedEdge] = []
        self.problems: list[Problem] = []
        self.open_ends: frozenset[str] = frozenset()
        self._cascades = cascades
        self._places = sorted(places, key=len, reverse=True)
        self._seen: dict[tuple[str, str, bool], Origin] = {}
        self._bound: dict[str, Problem] = {}
        self._size = 0

    def expand(
        self,
        document: Document[Circuit] | Document[Cascade],
        prefix: str,
        bindings: Mapping[str, tuple[str, ...]],
        chain: tuple[str, ...],
        via: Origin | None = None,
    ) -> None:
        """Add a pathway and what it includes; *via* is the outermost include that leads to it."""
        self._grow(_origin(document, ()))
        scope = _Scope(prefix, bindings)
        self._add_nodes(document, scope, via)
        self._add_edges(document, scope, via)
        self._report_unused(document)
        # A circuit is never included, and may have the name of a cascade.
        inner = (*chain, document.value.name) if isinstance(document.value, Cascade) else chain
        for number, include in enumerate(document.value.include):
            self._include(document, number, include, scope, inner, via)

    def _grow(self, origin: Origin) -> None:
        """Count one more node, edge or instance, and stop where includes multiply without end."""
        self._size += 1
        if self._size > MAX_SIZE:
            what = f"the includes grow to more than {MAX_SIZE:,} nodes and edges."
            raise InputError([*self.problems, origin.problem(what, "Include less.")])

    def _clash(self, what: str, origin: Origin, first: Origin, via: Origin | None) -> None:
        """Report what is declared twice where it can be mended: there, or where it is included."""
        if via is None or (first.file == origin.file and first != origin):
            remedy = f"The first is in {first.file}:{first.line}; keep one, or rename it."
            problem = origin.problem(f"{what} is declared a second time.", remedy)
        elif first == origin:
            twice = f"'{origin.pathway}' is included a second time under the same names."
            problem = via.problem(twice, "Include it under another 'as:', or once.")
        else:
            again = f"{what} of '{origin.pathway}' is declared already."
            remedy = f"The first is in {first.file}:{first.line}; include under another 'as:'."
            problem = via.problem(again, remedy)
        self.problems.append(problem)

    def _add_nodes(
        self,
        document: Document[Circuit] | Document[Cascade],
        scope: _Scope,
        via: Origin | None,
    ) -> None:
        pathway = document.value
        for name, node in pathway.nodes.items():
            origin = _origin(document, ("nodes", name))
            for (full,) in scope.resolve(name):
                self._grow(origin)
                if full in self.nodes:
                    self._clash(f"node '{full}'", origin, self.nodes[full].origin, via)
                    continue
                if node.kind == "receptor" and node.tone is None:
                    self.problems.append(
                        origin.problem(
                            f"receptor '{full}' states no tone.",
                            "Add 'tone:' silent, low, moderate, high, full or a share; "
                            "it decides what an antagonist does.",
                        )
                    )
                place = next((one for one in self._places if full.startswith(f"{one}.")), "")
                evidence = node.evidence or pathway.evidence
                self.nodes[full] = PlacedNode(full, node, place, evidence, origin)

    def _add_edges(
        self,
        document: Document[Circuit] | Document[Cascade],
        scope: _Scope,
        via: Origin | None,
    ) -> None:
        pathway = document.value
        for number, edge in enumerate(pathway.edges):
            origin = _origin(document, ("edges", number))
            for source, target in scope.resolve(edge.source, edge.target):
                self._grow(origin)
                key = (source, target, edge.slow)
                if key in self._seen:
                    what = f"edge '{source} {edge.arrow} {target}'"
                    self._clash(what, origin, self._seen[key], via)
                    continue
                self._seen[key] = origin
                evidence = edge.evidence or pathway.evidence
                self.edges.append(PlacedEdge(source, target, edge, evidence, origin))

    def _include(
        self,
        document: Document[Circuit] | Document[Cascade],
        number: int,
        include: Include,
        scope: _Scope,
        chain: tuple[str, ...],
        via: Origin | None,
    ) -> None:
        path = ("include", number)
        if include.use in chain:
            around = " -> ".join((*chain[chain.index(include.use) :], include.use))
            what = f"the includes loop: {around}."
            self.problems.append(document.source.problem(path, what, "Remove one of them."))
            return
        if len(chain) > MAX_DEPTH:
            what = f"the includes go more than {MAX_DEPTH} levels deep."
            self.problems.append(document.source.problem(path, what, "Include less."))
            return
        try:
            cascade = self._cascades(include.use)
        except InputError as error:
            self.problems += [
                document.source.problem((*path, "use"), problem.what, problem.remedy)
                if not problem.file
                else problem
                for problem in error.problems
            ]
            return
        declared = cascade.value.parameters
        for name in declared:
            misspelt = nearest(name, (one for one in include.bind if one not in declared))
            if name not in include.bind and not misspelt:
                self.problems.append(
                    document.source.problem(
                        path,
                        f"'{include.use}' needs '{name}': {declared[name]}.",
                        f"Add 'with: {{{name}: …}}'.",
                    )
                )
        for name in include.bind:
            if name not in declared:
                known = f"Its parameters: {', '.join(declared)}." if declared else "It has none."
                remedy = nearest(name, declared) or known
                self.problems.append(
                    document.source.problem(
                        (*path, "with", name),
                        f"'{include.use}' has no parameter '{name}'.",
                        remedy,
                        at_key=True,
                    )
                )
        bindings: dict[str, tuple[str, ...]] = {}
        for name, bound in include.bind.items():
            full = tuple(dict.fromkeys(one for text in bound for (one,) in scope.resolve(text)))
            bindings[name] = full
            for one in full:
                problem = document.source.problem((*path, "with", name), f"no node '{one}'.")
                self._bound.setdefault(one, problem)
        if set(declared) <= set(bindings):
            via = via or _origin(document, path)
            self.expand(cascade, scope.inner_prefix(include.prefix), bindings, chain, via)

    def _report_unused(self, document: Document[Circuit] | Document[Cascade]) -> None:
        value: Pathway = document.value
        if not isinstance(value, Cascade):
            return
        used = {
            text.split(".", 1)[0]
            for text in (
                *value.nodes,
                *(end for edge in value.edges for end in (edge.source, edge.target)),
                *(
                    one
                    for include in value.include
                    for bound in include.bind.values()
                    for one in bound
                ),
                *(include.prefix for include in value.include),
            )
        }
        for name in value.parameters:
            if name not in used:
                what = f"parameter '{name}' is not used."
                self.problems.append(
                    document.source.problem(
                        ("parameters", name), what, "Remove it, or use it.", at_key=True
                    )
                )

    def check_ends(self) -> None:
        """Every end of an edge and every bound node must be declared somewhere."""
        known = dict.fromkeys((*self.nodes, *sorted(self.open_ends)))
        missing_bound = {name for name in self._bound if name not in known}
        for name in sorted(missing_bound):
            remedy = nearest(name, known) or _DECLARE
            self.problems.append(replace(self._bound[name], remedy=remedy))
        for edge in self.edges:
            for end in (edge.source, edge.target):
                if end not in known and end not in missing_bound:
                    what = f"no node '{end}' (edge '{edge}')."
                    self.problems.append(edge.origin.problem(what, nearest(end, known) or _DECLARE))


@dataclass(frozen=True)
class _Scope:
    """What names mean inside one instance of a cascade."""

    prefix: str
    bindings: Mapping[str, tuple[str, ...]]

    def resolve(self, *names: str) -> Iterator[tuple[str, ...]]:
        """Full names; where names share a parameter, they walk through its nodes together."""
        heads = sorted({head for name in names if (head := name.split(".", 1)[0]) in self.bindings})
        for chosen in product(*(self.bindings[head] for head in heads)):
            meaning = dict(zip(heads, chosen, strict=True))
            yield tuple(self._full(name, meaning) for name in names)

    def inner_prefix(self, prefix: str) -> str:
        """Prefix of the names of an included cascade."""
        if not prefix:
            return self.prefix
        ((full,),) = self.resolve(prefix)
        return f"{full}."

    def _full(self, name: str, meaning: Mapping[str, str]) -> str:
        head, dot, rest = name.partition(".")
        return f"{meaning[head]}{dot}{rest}" if head in meaning else f"{self.prefix}{name}"


def _origin(document: Document[Circuit] | Document[Cascade], path: tuple[str | int, ...]) -> Origin:
    problem = document.source.problem(path, "", at_key=True)
    return Origin(document.value.name, problem.file, problem.line, problem.column)
