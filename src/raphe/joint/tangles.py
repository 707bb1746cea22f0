"""Parts of a signed graph in which some loop turns a sign around."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from raphe.joint.problem import Influence
from raphe.propagation.components import strong_components
from raphe.sign import Sign


def tangled(
    influences: Sequence[Influence], open_signs: Collection[Influence] = ()
) -> frozenset[int]:
    """Places of the influences within parts in which some loop turns a sign around.

    From each node of a part influences lead to each other node of it. Where no loop turns a sign
    around, every chain from one node to another has the same sign, so that one which repeats nodes
    can be cut short; elsewhere the way without them must be looked for. What acts on itself is in
    no part by that.

    Parameters
    ----------
    influences
        Of the graph.
    open_signs
        Those of which the sign may be either, besides those of unknown sign.

    Examples
    --------
    >>> plus, minus = Sign.POSITIVE, Sign.NEGATIVE
    >>> loop = [Influence("a", "b", plus), Influence("b", "a", plus), Influence("b", "c", minus)]
    >>> sorted(tangled(loop))
    []
    >>> sorted(tangled([*loop, Influence("c", "a", plus)]))
    [0, 1, 2, 3]
    """
    names = sorted({end for one in influences for end in (one.source, one.target)})
    number = {name: rank for rank, name in enumerate(names)}
    pairs = [(number[one.source], number[one.target]) for one in influences]
    part_of = {
        node: rank
        for rank, part in enumerate(strong_components(len(names), pairs))
        for node in part
    }
    inner: dict[int, list[int]] = {}
    for place, (source, target) in enumerate(pairs):
        if source != target and part_of[source] == part_of[target]:
            inner.setdefault(part_of[source], []).append(place)
    found: set[int] = set()
    for places in inner.values():
        own = [influences[place] for place in places]
        if any(one in open_signs for one in own) or not _is_balanced(own):
            found.update(places)
    return frozenset(found)


def _is_balanced(influences: Sequence[Influence]) -> bool:
    """Whether nodes fall into two camps, within which all influences are positive."""
    beside: dict[str, list[tuple[str, Sign]]] = {}
    for one in influences:
        if one.sign is Sign.UNKNOWN:
            return False
        beside.setdefault(one.source, []).append((one.target, one.sign))
        beside.setdefault(one.target, []).append((one.source, one.sign))
    first = influences[0].source
    camps, waiting = {first: Sign.POSITIVE}, [first]
    while waiting:
        here = waiting.pop()
        for there, sign in beside[here]:
            camp = camps[here] * sign
            if there not in camps:
                camps[there] = camp
                waiting.append(there)
            elif camps[there] is not camp:
                return False
    return True
