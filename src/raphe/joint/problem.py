"""What is asked: a signed graph, what was seen on it in each condition, and which laws hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from raphe.errors import InputError, nearest
from raphe.errors import Problem as Mistake
from raphe.sign import Change, Sign

_NONE: Mapping[str, Change] = MappingProxyType({})
#: From down to up, as everywhere.
_SIGNS = {sign: rank for rank, sign in enumerate((Sign.NEGATIVE, Sign.UNKNOWN, Sign.POSITIVE))}


@dataclass(frozen=True, slots=True)
class Influence:
    """One node acts on another: raises it, lowers it, or one of both.

    Two influences between the same nodes may stand side by side if their signs differ.

    Examples
    --------
    >>> print(Influence("alpha2", "NE", Sign.NEGATIVE))
    alpha2 -| NE
    """

    source: str
    target: str
    sign: Sign

    def __str__(self) -> str:
        arrow = {Sign.POSITIVE: "->", Sign.NEGATIVE: "-|", Sign.UNKNOWN: "-?"}[self.sign]
        return f"{self.source} {arrow} {self.target}"

    @property
    def order(self) -> tuple[str, str, int]:
        """What influences are sorted by."""
        return self.source, self.target, _SIGNS[self.sign]


@dataclass(frozen=True)
class SignedGraph:
    """Nodes and signed influences between them, each once and sorted.

    Examples
    --------
    >>> graph = SignedGraph.of([Influence("b", "c", Sign.POSITIVE)], nodes=["a"])
    >>> graph.nodes, sorted(graph.sources)
    (('a', 'b', 'c'), ['a', 'b'])
    """

    nodes: tuple[str, ...]
    influences: tuple[Influence, ...]
    #: Nodes by which several act on one together: none of these need move by one of them alone.
    joint: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        known = set(self.nodes)
        ends = {end for one in self.influences for end in (one.source, one.target)}
        if unknown := sorted(ends - known):
            raise InputError(
                Mistake(
                    f"an influence from or to '{name}', which is no node.", nearest(name, known)
                )
                for name in unknown
            )

    @classmethod
    def of(
        cls,
        influences: Iterable[Influence],
        nodes: Iterable[str] = (),
        joint: Iterable[str] = (),
    ) -> SignedGraph:
        """A graph of influences, with the nodes that they join and perhaps some more."""
        every = tuple(sorted(set(influences), key=lambda one: one.order))
        ends = {end for one in every for end in (one.source, one.target)}
        return cls(tuple(sorted(ends | set(nodes))), every, frozenset(joint))

    @property
    def sources(self) -> frozenset[str]:
        """Nodes that nothing but themselves acts on: what moves them must lie outside."""
        moved = {one.target for one in self.influences if one.source != one.target}
        return frozenset(self.nodes) - moved

    def without_unknown_signs(self) -> SignedGraph:
        """The same nodes without the influences whose sign is unknown."""
        known = tuple(one for one in self.influences if one.sign is not Sign.UNKNOWN)
        return SignedGraph(self.nodes, known, self.joint)


@dataclass(frozen=True)
class Shift:
    """A condition is compared with another one, not with the baseline: combination against single.

    With ``a`` and ``b`` the changes of a node in both, each against the baseline, the change
    of the node in the comparison is a sign that ``a − b`` can have. Any node may be unchanged in
    it, since both conditions may have brought it to the same bound.
    """

    #: Name of the condition that is looked at: the combination.
    of: str
    #: Name of the condition that it is compared with: the single drug.
    against: str


@dataclass(frozen=True)
class Condition:
    """One experiment: what was seen, and from where it was moved.

    Every condition has a labelling of its own, a direction for every node, and all of them stand
    on one graph. What a condition names and the graph does not have is kept, and reported as
    absent.

    Examples
    --------
    >>> block = Condition("block", {"GABA": Change.UP}, held={"5-HT2A": Change.DOWN})
    >>> sorted(block.moved)
    ['5-HT2A']
    """

    name: str = ""
    #: What was seen, by node: the directions that it leaves open. It may be doubted by a repair.
    observed: Mapping[str, Change] = field(default_factory=lambda: _NONE)
    #: Nodes that something outside may move: their change needs no explanation.
    inputs: frozenset[str] = frozenset()
    #: Inputs that surely moved, by an unknown direction: up or down, not unchanged.
    ambiguous: frozenset[str] = frozenset()
    #: Nodes at their lowest level at baseline: they cannot fall, and whatever would lower them
    #: leaves them unchanged.
    at_minimum: frozenset[str] = frozenset()
    #: Nodes at their highest level at baseline.
    at_maximum: frozenset[str] = frozenset()
    #: Nodes that are held by a drug: nothing else acts on them, and their directions are given.
    #: No repair doubts them.
    held: Mapping[str, Change] = field(default_factory=lambda: _NONE)
    #: Nodes on which something outside acts too, beside what acts on them in the graph, by the
    #: directions in which it does (with both, two things do; with «unchanged», perhaps nothing
    #: does). Unlike an input, such a node may not
    #: move against all that acts on it.
    pushed: Mapping[str, Change] = field(default_factory=lambda: _NONE)
    #: Influences that are absent in this condition: slow ones, where a drug acts acutely.
    cut: frozenset[Influence] = frozenset()
    #: What it is compared with, where that is another condition and not the baseline.
    shift: Shift | None = None

    def __post_init__(self) -> None:
        for name in ("observed", "held", "pushed"):
            sorted_once = dict(sorted(getattr(self, name).items()))
            object.__setattr__(self, name, MappingProxyType(sorted_once))

    @property
    def moved(self) -> frozenset[str]:
        """Nodes from which a change may start."""
        return self.inputs | self.ambiguous | frozenset(self.held) | frozenset(self.pushed)


@dataclass(frozen=True)
class Laws:
    """Which laws a labelling must obey; each is a file of its own in ``laws/``."""

    #: What changes, and is no input, is changed by a predecessor.
    explained: bool = True
    #: What stays is acted on by nothing that changes, or by opposite influences, or is held by its
    #: bound.
    unchanged_explained: bool = True
    #: What changes descends from an input, so that no loop raises itself.
    founded: bool = True
    #: What changes is reached from an input that changed by a path without repeated nodes, and
    #: without other inputs, whose sign is that of the change.
    elementary_path: bool = False


@dataclass(frozen=True)
class Problem:
    """A graph, the conditions under which it was looked at, and the laws.

    Raises
    ------
    InputError
        Names of conditions repeat, a node is both held and something else, or a comparison is with
        a condition that is not there.
    """

    graph: SignedGraph
    conditions: tuple[Condition, ...]
    laws: Laws = Laws()

    def __post_init__(self) -> None:
        if mistakes := [*self._of_names(), *(m for one in self.conditions for m in _clashes(one))]:
            raise InputError(mistakes)

    def _of_names(self) -> Iterable[Mistake]:
        names = [one.name for one in self.conditions]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Mistake(f"two conditions called '{name}'.", "Give each its own name.")
        for one in self.conditions:
            for other in (one.shift.of, one.shift.against) if one.shift else ():
                if other not in names:
                    what = f"'{one.name}' is compared with '{other}', which is no condition."
                    yield Mistake(what, nearest(other, names))


def _clashes(condition: Condition) -> Iterable[Mistake]:
    where = f"in '{condition.name}', " if condition.name else ""
    for what, given in (("seen", condition.observed), ("held", condition.held)):
        for node, change in given.items():
            if change is Change.NOTHING:
                found = f"{where}'{node}' is {what} in directions that exclude each other."
                yield Mistake(found, "Keep one.")
    for node in sorted(condition.at_minimum & condition.at_maximum):
        what = f"{where}'{node}' is at its lowest and at its highest level."
        yield Mistake(what, "Leave one of both away.")
