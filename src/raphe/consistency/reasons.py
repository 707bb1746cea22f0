"""One line of why: for a call, the path that carries it; for a miss, what stands in the way."""

from __future__ import annotations

import numpy as np

from raphe.calling import Call
from raphe.explanation import Blocked, Obstacle, Route, blocked_route, main_route, obstacle
from raphe.perturbation import Contact
from raphe.prediction import Prediction
from raphe.sign import Sign

_ARROWS = {Sign.POSITIVE: "→", Sign.NEGATIVE: "⊣", Sign.UNKNOWN: "⇢"}


def reason(prediction: Prediction, node: str, reported: Call | None = None) -> str:
    """Why a node is predicted as it is.

    Parameters
    ----------
    reported
        What was reported instead, where the prediction does not agree.

    Notes
    -----
    Everything that is said is computed: paths from Mason's formula, obstacles by leaving each
    target of
    the drug out in turn.
    """
    row = prediction[node]
    if reported in (Call.UP, Call.DOWN):
        hindrance = obstacle(prediction, node, reported)
        if hindrance is not None:
            return _hindered(prediction, node, reported, hindrance)
        blocked = blocked_route(prediction, node, 1 if reported is Call.UP else -1)
        if blocked is not None:
            return f"{_would_pass(node, reported, blocked)} {reason(prediction, node)}"
    if row.call is Call.AMBIGUOUS:
        up, down = main_route(prediction, node, +1), main_route(prediction, node, -1)
        if up and down:
            rises, falls = route_text(up), route_text(down)
            return f"Up by {rises}; down by {falls}: the weights decide."
    route = main_route(prediction, node)
    if route is None:
        return "Nothing that the treatment does leads here."
    text = route_text(route)
    if row.call is Call.UNCHANGED:
        share = abs(row.odds.median) / max(_range(prediction, node), 1e-12)
        return f"Moved by {100 * share:.0f} % of its range only, most of it by {text}."
    return f"{text[0].upper()}{text[1:]} carries {_carried(route)}."


def route_text(route: Route) -> str:
    """A path as a line: what is done to its first node, then arrows."""
    line = _arrows(route)
    if not route.contacts:
        return f"{line} (from {'more' if route.push > 0 else 'less'} {route.nodes[0]})"
    doers = " and ".join(
        f"{contact.drug} ({contact.action}, {_occupied(contact)})" for contact in route.contacts
    )
    return f"{doers} at {line}"


def _arrows(route: Route) -> str:
    parts = [route.nodes[0]]
    for sign, node in zip(route.signs, route.nodes[1:], strict=True):
        parts += [_ARROWS[sign], node]
    return " ".join(parts)


def _hindered(prediction: Prediction, node: str, reported: Call, hindrance: Obstacle) -> str:
    row = prediction[node]
    drug = " + ".join(given.drug.title for given in prediction.treatment.administrations)
    without = hindrance.odds.probability(reported)
    share = f"{100 * hindrance.occupancy:.0f} % of {hindrance.node}"
    return (
        f"{drug} itself stands in the way: it occupies {share}, through which {node} would go "
        f"{reported.value}. Without its action at {hindrance.target}: p({reported.value}) = "
        f"{without:.2f} instead of {row.odds.probability(reported):.2f}."
    )


def _would_pass(node: str, reported: Call, blocked: Blocked) -> str:
    contact = blocked.contact
    return (
        f"What could bring {node} {reported.value} ({_arrows(blocked.route)}) has to pass "
        f"{blocked.node}, and {contact.drug} itself occupies {_occupied(contact)} of it "
        f"({contact.action})."
    )


def _occupied(contact: Contact) -> str:
    return f"{100 * np.median(contact.occupancy):.0f} %"


def _carried(route: Route) -> str:
    if route.fraction > 1:
        return f"more than the whole change ({100 * route.fraction:.0f} %; other paths oppose it)"
    return f"{100 * route.fraction:.0f} % of the change"


def _range(prediction: Prediction, node: str) -> float:
    model = prediction.model
    return float(model.ranges[model.network.index[node]])
