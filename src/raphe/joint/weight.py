"""What it costs to change a claim: the weight of the evidence that would have to be wrong.

Each reference that a claim cites counts once, by how much of it was read before it was cited
(`POINTS`), doubled where it is a paper or a review, since others have seen its data; an assumption
counts 1. What speaks against the claim is taken off. No claim weighs less than 1.

======================  =====================================================
repair                  cost
======================  =====================================================
doubt what was seen     the weights of the findings that report it, together;
                        half of it where they report «unchanged»: to find no
                        difference is no proof that there is none
remove an influence     the weights of the edges that it stands for, together
turn it around in sign  that, and the cost of an influence that is added
add an influence        `NEW_CLAIM`: the paper that it would need
======================  =====================================================

So ten assumptions go before a paper and a half, and of several repairs that mend as much, the one
comes first that contradicts the least evidence. The points are a convention, not a measurement:
only their order is meant, and what they lead to is shown with the repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from raphe.evidence import Checked, Evidence, Reference
from raphe.joint.circuit import SignedCircuit
from raphe.joint.problem import Influence
from raphe.joint.repair import Move, Step
from raphe.joint.reported import Posed, change_of
from raphe.sign import Change

#: Points of a reference by what was read of it.
POINTS = {
    Checked.NO: 1,
    Checked.RECORD: 2,
    Checked.ABSTRACT: 4,
    Checked.FULL_TEXT: 6,
}
#: Points of a claim that is made without a source.
ASSUMPTION = 1
#: Points of one more influence: those of a paper of which the abstract was read.
NEW_CLAIM = 2 * POINTS[Checked.ABSTRACT]

References = Mapping[str, Reference]


class Costs(Protocol):
    """What each change costs, a whole number from 1."""

    def of_doubt(self, condition: str, node: str, /) -> int:
        """Doubting what was seen of a node in a condition."""

    def of_removal(self, influence: Influence, /) -> int:
        """Leaving an influence out."""

    def of_flip(self, influence: Influence, /) -> int:
        """Believing the opposite sign of it."""

    def of_addition(self, node: str, /) -> int:
        """One more influence on a node, in whatever conditions."""


class _Alike:
    """Every change costs one: repairs are counted, not weighed."""

    def of_doubt(self, *_: str) -> int:
        return 1

    def of_removal(self, *_: Influence) -> int:
        return 1

    def of_flip(self, *_: Influence) -> int:
        return 1

    def of_addition(self, *_: str) -> int:
        return 1


ALIKE: Costs = _Alike()


def doubt(condition: str, node: str, costs: Costs) -> Step:
    """The step that doubts what was seen."""
    return Step(Move.DOUBT, costs.of_doubt(condition, node), condition, node)


def remove(influence: Influence, costs: Costs) -> Step:
    """The step that leaves an influence out."""
    return Step(Move.REMOVE, costs.of_removal(influence), influence=influence)


def flip(influence: Influence, costs: Costs) -> Step:
    """The step that turns an influence around in sign."""
    return Step(Move.FLIP, costs.of_flip(influence), influence=influence)


def add(node: str, costs: Costs) -> Step:
    """The step that lets something that the graph does not have act on a node."""
    return Step(Move.NEW_INFLUENCE, costs.of_addition(node), node=node)


@dataclass(frozen=True, eq=False)
class Weights:
    """Costs of repairs, from the evidence of what they touch."""

    posed: Posed
    references: References

    @cached_property
    def _removals(self) -> Mapping[Influence, int]:
        circuit = self.posed.bench.circuit
        return {one: weight_of_influence(circuit, one, self.references) for one in circuit.edges}

    def of_doubt(self, condition: str, node: str) -> int:
        """Of doubting all that was seen of a node in a condition."""
        report = self.posed.reports[condition, node]
        total = 0.0
        for finding in report.findings.values():
            share = 0.5 if change_of(finding) is Change.SAME else 1.0
            total += share * weight_of(finding.evidence, self.references)
        return max(1, round(total + 0.01))

    def of_addition(self, _: str) -> int:
        """Of one more influence on a node, whatever it comes from."""
        return NEW_CLAIM

    def of_removal(self, influence: Influence) -> int:
        """Of leaving an influence out."""
        return self._removals[influence]

    def of_flip(self, influence: Influence) -> int:
        """Of believing the opposite sign of it."""
        return self.of_removal(influence) + NEW_CLAIM


def weight_of(evidence: Iterable[Evidence], references: References) -> int:
    """The weight of a claim's evidence, at least 1.

    Examples
    --------
    >>> papers = {"a": Reference(title="A", checked="abstract"), "b": Reference(title="B")}
    >>> twice = Evidence(ref="a", where="Table 2")
    >>> weight_of([Evidence(ref="a"), Evidence(ref="b"), twice], papers)
    10
    >>> weight_of([Evidence(ref="a"), Evidence(ref="b", against=True)], papers)
    6
    >>> weight_of([], papers)
    1
    """
    cited: dict[tuple[str, bool], int] = {}
    for item in evidence:
        cited.setdefault((item.ref or "", item.against), _points(item, references))
    total = sum(-points if against else points for (_, against), points in cited.items())
    return max(1, total)


def weight_of_influence(
    circuit: SignedCircuit, influence: Influence, references: References
) -> int:
    """The weight of the evidence of all edges that an influence stands for."""
    return sum(weight_of(edge.evidence, references) for edge in circuit.edges[influence])


def _points(item: Evidence, references: References) -> int:
    if not item.ref:
        return ASSUMPTION
    if item.ref not in references:
        return POINTS[Checked.NO]
    reference = references[item.ref]
    times = 2 if reference.kind.is_peer_reviewed else 1
    return times * POINTS[reference.checked]
