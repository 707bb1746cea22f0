"""One line of why: for a call, the path that carries it; for a miss, what stands in the way."""

from __future__ import annotations

from raphe.binding import Contact
from raphe.calling import NAMED, Call
from raphe.explanation.routes import Doing, Explanation, Route
from raphe.obstacles import Obstacle, blocked_route, obstacle
from raphe.prediction import Prediction
from raphe.sign import Sign

_ARROWS = {Sign.POSITIVE: "→", Sign.NEGATIVE: "⊣", Sign.UNKNOWN: "⇢"}
#: Adaptations, as they are written in the library.
_SLOW_ARROWS = {Sign.POSITIVE: "~>", Sign.NEGATIVE: "~|", Sign.UNKNOWN: "~?"}
#: Put before the first node of a path that is meant after washout.
LATER = "[drug gone]"


def reason(prediction: Prediction, node: str, reported: Call | None = None) -> str:
    """Why a node is predicted as it is.

    Parameters
    ----------
    reported
        What was reported instead, where the prediction does not agree.

    Notes
    -----
    Everything that is said is computed: paths from Mason's formula, obstacles by leaving each
    target of the drug out in turn.
    """
    told, is_decisive = hindrance_text(prediction, node, reported)
    return told if is_decisive else f"{told} {_as_it_is(prediction, node)}".strip()


def hindrance_text(prediction: Prediction, node: str, reported: Call | None) -> tuple[str, bool]:
    """What the drug itself has in the way of a reported direction, and whether that decides it."""
    if reported not in (Call.UP, Call.DOWN):
        return "", False
    hindrance = obstacle(prediction, node, reported)
    if hindrance is None:
        return "", False
    if hindrance.is_decisive:
        return _hindered(prediction, node, reported, hindrance), True
    return _weakened(prediction, node, reported, hindrance).strip(), False


def _as_it_is(prediction: Prediction, node: str) -> str:
    row, explanation = prediction.reading(node), Explanation.of(prediction, node)
    if row.call is Call.AMBIGUOUS:
        up, down = explanation.main_route(+1), explanation.main_route(-1)
        if up and down:
            rises, falls = route_text(prediction, up), route_text(prediction, down)
            return f"Up by {rises}; down by {falls}: the weights decide."
    route = explanation.main_route()
    if route is None:
        return "Nothing that the treatment does leads here."
    text = route_text(prediction, route)
    if row.call is Call.UNCHANGED and route.occupied < NAMED:
        return f"The treatment occupies less than {100 * NAMED:.0f} % of whatever leads here."
    if row.call is Call.UNCHANGED:
        share = abs(row.odds.median) / max(_range(prediction, node), 1e-12)
        return f"Moved by {100 * share:.0f} % of its range only, mainly by {text}."
    return f"{text[0].upper()}{text[1:]}{_made(route)}."


def route_text(prediction: Prediction, route: Route) -> str:
    """A path as a line: what is done to its first node, then arrows."""
    line = arrows(route)
    if route.doings:
        return f"{' and '.join(map(_doing, route.doings))} at {line}"
    condition = prediction.treatment.condition
    if condition is not None and route.nodes[0] in condition.perturbs:
        return f"{condition.title[0].lower()}{condition.title[1:]}, which sets out at {line}"
    return f"{line} (from {'more' if route.push > 0 else 'less'} {route.nodes[0]})"


def _doing(doing: Doing) -> str:
    contact = doing.contact
    told = f"{contact.drug} ({contact.action}, {_occupied(contact)})"
    return f"the lack of {told}" if doing.is_missing else told


def _made(route: Route) -> str:
    """How much of the change is due to the target that the path sets out from."""
    if not route.doings:
        return f" carries {100 * route.fraction:.0f} % of the change"
    first, part = route.doings[0], 100 * route.origin_fraction
    does = "its absence" if first.is_missing else "what it does"
    against = ", against the rest" if part >= 100.5 else ""
    return f"; {does} at {first.contact.target} makes {part:.0f} % of the change{against}"


def arrow(sign: Sign, slow: bool = False) -> str:
    """An arrow in text; of an adaptation, as it is written in the library.

    Examples
    --------
    >>> arrow(Sign.NEGATIVE), arrow(Sign.POSITIVE, slow=True)
    ('⊣', '~>')
    """
    return (_SLOW_ARROWS if slow else _ARROWS)[sign]


def arrows(route: Route) -> str:
    """A path in arrows: adaptations as such, and from where on it is meant after washout."""
    slow = route.slow or (False,) * len(route.signs)
    parts = []
    for place, node in enumerate(route.nodes):
        if place:
            parts.append(arrow(route.signs[place - 1], slow[place - 1]))
        if place == route.later:
            parts.append(LATER)
        parts.append(node)
    return " ".join(parts)


def _hindered(prediction: Prediction, node: str, reported: Call, hindrance: Obstacle) -> str:
    row = prediction.reading(node)
    drug = " + ".join(given.drug.title for given in prediction.treatment.administrations)
    without = hindrance.odds.probability(reported)
    share = f"{100 * hindrance.occupancy:.0f} % of {hindrance.node}"
    return (
        f"{drug} itself stands in the way: it occupies {share}, through which {node} would go "
        f"{reported.value}. Without its action at {hindrance.target}: p({reported.value}) = "
        f"{without:.2f} instead of {row.odds.probability(reported):.2f}."
    )


def _weakened(prediction: Prediction, node: str, reported: Call, hindrance: Obstacle) -> str:
    direction = 1 if reported is Call.UP else -1
    blocked = blocked_route(prediction, node, direction, hindrance.target)
    if blocked is None:
        return ""
    contact, here = blocked.contact, prediction.reading(node).odds.probability(reported)
    without = hindrance.odds.probability(reported)
    return (
        f"The strongest way for {node} to go {reported.value} ({arrows(blocked.route)}) passes "
        f"{blocked.node}, and {contact.drug} itself occupies {_occupied(contact)} of it "
        f"({contact.action}): p({reported.value}) is {here:.2f} with its action at "
        f"{hindrance.target} and {without:.2f} without. "
    )


def _occupied(contact: Contact) -> str:
    share = contact.usual
    return f"{100 * share:.0f} %" if share >= 0.005 else "< 1 %"


def _range(prediction: Prediction, node: str) -> float:
    model = prediction.model
    return float(model.ranges[model.network.index[node]])
