"""What each binding contributes to a change: alone, with the others, and missing from them.

The change is a game: every binding that differs between the two groups is a player, and what some
of them bring is the answer to the treatment that has these alone, solved anew with its bounds. The
share of a player is its Shapley value, what it adds when it joins, averaged over all orders; the
shares sum to the change. What two players bring beyond each of them alone is their Shapley–Taylor
interaction, which takes up all higher ones: what all bring alone and all interactions sum to the
change too, and a share is what one brings alone and half of its interactions.

L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II, Princeton
1953, 307–317. M. Sundararajan, K. Dhamdhere, A. Agarwal, "The Shapley Taylor interaction
index", ICML 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb

import numpy as np
from numpy.typing import NDArray

from raphe.binding import Contact, Site
from raphe.condition import Condition
from raphe.explanation.routes import median_draw
from raphe.explanation.system import told_size
from raphe.perturbation import Perturbation, perturb_partly
from raphe.prediction import Prediction
from raphe.prior import Ensemble
from raphe.propagation.arrays import Floats, Indices
from raphe.propagation.response import respond
from raphe.treatment import Treatment

Coalitions = NDArray[np.bool_]

#: Players; of more, those that do least are one. 2⁹ coalitions are solved side by side.
MOST_PLAYERS = 9
#: Draws that tell how steadily a player pushes one way.
_SOME_DRAWS = 100
#: Draws around the median that are tried, until all coalitions come to rest.
_TRIED = 9


@dataclass(frozen=True)
class Player:
    """A binding of a drug, or a condition, that one group has and the other has not."""

    name: str
    #: Whether the comparison group has it, and the treated one has not or has it otherwise.
    is_missing: bool = False
    #: Drug and target, of several players taken as one: all of them; none of a condition.
    sites: tuple[Site, ...] = ()
    #: Where drugs bind, the most occupied first.
    contacts: tuple[Contact, ...] = ()

    @property
    def usual(self) -> float:
        """The largest median occupancy; 1 of a condition."""
        return max((one.usual for one in self.contacts), default=1.0)


@dataclass(frozen=True)
class Share:
    """What one player contributes, in units of the readout's full activity."""

    player: Player
    #: By itself; when all others are there already; on average over all orders.
    alone: float
    last: float
    share: float
    #: In how many of some draws it adds in the direction of its share when it comes last.
    steadiness: float


@dataclass(frozen=True)
class Interaction:
    """What two players bring beyond each of them alone; higher interactions are spread on pairs."""

    one: str
    other: str
    value: float


@dataclass(frozen=True)
class TargetAccount:
    """A change as a sum of shares, and as a sum of what is brought alone and by pairs."""

    draw: int
    total: float
    #: The largest first.
    shares: tuple[Share, ...]
    interactions: tuple[Interaction, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing that differs between the groups moves the readout, however combined."""
        return all(max(abs(one.share), abs(one.alone), abs(one.last)) < 1e-9 for one in self.shares)


def account_of_targets(prediction: Prediction, node: str) -> TargetAccount | None:
    """What each binding contributes to a node's change.

    Returns
    -------
    TargetAccount or None
        In the draw of the median change, or in the nearest to it in which all coalitions come to
        rest; None where there is none near.

    Notes
    -----
    Of more than `MOST_PLAYERS` players, those that do least, alone and last, are taken as one: the
    sum stays exact.
    """
    players = _players(prediction, node)
    if not players:
        draw = median_draw(prediction, node)
        number = prediction.model.network.index[node]
        return TargetAccount(draw, float(prediction.contrast.change[number, draw]), (), ())
    for draw in _draws_around(prediction, node):
        chosen = _merged(prediction, node, players, draw)
        worth = _worth(prediction, node, chosen, np.full(2 ** len(chosen), draw), _all(len(chosen)))
        if np.isfinite(worth).all():
            return _account(prediction, node, chosen, draw, worth)
    return None


def shapley_values(worth: Floats) -> Floats:
    """Shapley values of a game of *k* players.

    Parameters
    ----------
    worth
        Of each coalition, 2ᵏ; player *i* is in coalition *c* where bit *i* of *c* is set.

    Examples
    --------
    One key opens nothing, both do:

    >>> shapley_values(np.array([0.0, 0.0, 0.0, 1.0])).tolist()
    [0.5, 0.5]
    """
    count = len(worth).bit_length() - 1
    values = np.zeros(count)
    coalitions = np.arange(len(worth))
    sizes = _all(count).sum(axis=1)
    for player in range(count):
        without = coalitions[(coalitions >> player & 1) == 0]
        joins = worth[without | 1 << player] - worth[without]
        orders = np.array([1 / (count * comb(count - 1, size)) for size in range(count)])
        values[player] = float(joins @ orders[sizes[without]])
    return values


def shapley_taylor(worth: Floats) -> Floats:
    """Shapley–Taylor interactions of pairs, *k × k*: symmetric, nothing on the diagonal.

    Examples
    --------
    >>> shapley_taylor(np.array([0.0, 0.0, 0.0, 1.0])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    count = len(worth).bit_length() - 1
    values = np.zeros((count, count))
    coalitions = np.arange(len(worth))
    sizes = _all(count).sum(axis=1)
    orders = np.array([2 / (count * comb(count - 1, size)) for size in range(max(count - 1, 0))])
    for one in range(count):
        for other in range(one):
            both = 1 << one | 1 << other
            without = coalitions[coalitions & both == 0]
            beyond = worth[without | both] - worth[without | 1 << one]
            beyond += worth[without] - worth[without | 1 << other]
            values[one, other] = values[other, one] = float(beyond @ orders[sizes[without]])
    return values


def _account(
    prediction: Prediction, node: str, players: Sequence[Player], draw: int, worth: Floats
) -> TargetAccount:
    values, pairs = shapley_values(worth), shapley_taylor(worth)
    everyone = len(worth) - 1
    steady = _steadiness(prediction, node, players, values)
    shares = [
        Share(
            player,
            float(worth[1 << number] - worth[0]),
            float(worth[everyone] - worth[everyone ^ 1 << number]),
            float(values[number]),
            steady[number],
        )
        for number, player in enumerate(players)
    ]
    interactions = [
        Interaction(players[other].name, players[one].name, float(pairs[one, other]))
        for one in range(len(players))
        for other in range(one)
    ]
    return TargetAccount(
        draw,
        float(worth[everyone] - worth[0]),
        tuple(sorted(shares, key=lambda one: (-told_size(one.share), one.player.name))),
        tuple(sorted(interactions, key=lambda one: (-told_size(one.value), one.one, one.other))),
    )


def _all(count: int) -> Coalitions:
    """Who is in each coalition, *2ᵏ × k*."""
    return np.asarray(np.arange(2**count)[:, None] >> np.arange(count) & 1, dtype=bool)


def _draws_around(prediction: Prediction, node: str) -> list[int]:
    """Draws by how near their change is to the median one."""
    number = prediction.model.network.index[node]
    change = prediction.contrast.change[number]
    middle = change[median_draw(prediction, node)]
    settled = np.flatnonzero(prediction.contrast.settled)
    order = np.argsort(np.abs(change[settled] - middle), kind="stable")[:_TRIED]
    first = median_draw(prediction, node)
    return [first, *(one for one in settled[order].tolist() if one != first)]


def _players(prediction: Prediction, node: str) -> list[Player]:
    """What differs between the groups and has a way to the node."""
    contrast = prediction.contrast
    network = prediction.model.network
    reaching = network.reaching(network.index[node])
    sides = []
    for perturbation in (contrast.perturbation, contrast.against):
        found: dict[Site, list[Contact]] = {}
        for contact in perturbation.contacts:
            found.setdefault((contact.drug, contact.target), []).append(contact)
        sides.append(found)
    own, other = sides
    players = []
    for site in sorted({*own, *other}):
        contacts = own.get(site) or other[site]
        if not any(reaching[one.node] for one in contacts) or _are_alike(
            own.get(site), other.get(site)
        ):
            continue
        ordered = sorted(contacts, key=lambda one: (-one.usual, one.node))
        players.append(Player(" at ".join(site), site not in own, (site,), tuple(ordered)))
    ill, other_ill = prediction.treatment.condition, prediction.comparator.condition
    if ill != other_ill:
        what = ill or other_ill
        assert what is not None
        players.append(Player(what.title, ill is None))
    return players


def _are_alike(one: Sequence[Contact] | None, other: Sequence[Contact] | None) -> bool:
    """Whether both groups have the same drug there at the same dose."""
    if one is None or other is None or len(one) != len(other):
        return False
    return all(
        a.node == b.node and np.array_equal(a.occupancy, b.occupancy)
        for a, b in zip(one, other, strict=True)
    )


def _merged(prediction: Prediction, node: str, players: list[Player], draw: int) -> list[Player]:
    """At most so many players, those that do least in a draw taken as one."""
    if len(players) <= MOST_PLAYERS:
        return players
    count = len(players)
    eye = np.eye(count, dtype=bool)
    asked = np.concatenate([np.zeros((1, count), bool), eye, ~eye, np.ones((1, count), bool)])
    worth = np.nan_to_num(_worth(prediction, node, players, np.full(len(asked), draw), asked))
    alone = worth[1 : count + 1] - worth[0]
    last = worth[-1] - worth[count + 1 : -1]
    most = np.maximum(np.abs(alone), np.abs(last))
    # A condition cannot be taken together with bindings: it is a player of its own.
    most[[not one.sites for one in players]] = np.inf
    ranked = sorted(range(count), key=lambda one: (-most[one], one))
    kept, rest = ranked[: MOST_PLAYERS - 1], sorted(ranked[MOST_PLAYERS - 1 :])
    sites = tuple(site for one in rest for site in players[one].sites)
    contacts = [contact for one in rest for contact in players[one].contacts]
    ordered = tuple(sorted(contacts, key=lambda one: (-one.usual, one.node, one.target)))
    others = Player(f"{len(rest)} other bindings", False, sites, ordered)
    return [*(players[one] for one in sorted(kept)), others]


def _worth(
    prediction: Prediction,
    node: str,
    players: Sequence[Player],
    draws: Indices,
    present: Coalitions,
) -> Floats:
    """The change of a node where some players are in the treated group's state, in some draws.

    Parameters
    ----------
    draws
        Draw of each column, *c*.
    present
        Which players are in that state, *c × k*; the others are in the comparator's.

    Returns
    -------
    Floats
        *c*; not a number where it does not come to rest.
    """
    ill, other_ill = prediction.treatment.condition, prediction.comparator.condition
    conditions = [number for number, one in enumerate(players) if not one.sites]
    is_ill = present[:, conditions[0]] if conditions else np.ones(len(draws), dtype=bool)
    worth = np.empty(len(draws))
    for condition, columns in ((ill, np.flatnonzero(is_ill)), (other_ill, np.flatnonzero(~is_ill))):
        if len(columns):
            worth[columns] = _solved(
                prediction, node, players, draws[columns], present[columns], condition
            )
    other = prediction.contrast.other
    if other is not None:
        worth -= other.x[prediction.model.network.index[node], draws]
    return worth


def _solved(
    prediction: Prediction,
    node: str,
    players: Sequence[Player],
    draws: Indices,
    present: Coalitions,
    condition: Condition | None,
) -> Floats:
    model = prediction.model
    ensemble: Ensemble = model.ensemble.take(draws)
    own = {site: present[:, number] for number, one in enumerate(players) for site in one.sites}
    given: Sequence[Treatment] = [prediction.treatment]
    presence = [own]
    if prediction.comparator.administrations:
        # What both groups have alike is no player, and is there as part of the treatment.
        shared = {
            (contact.drug, contact.target): np.zeros(len(draws), dtype=bool)
            for contact in prediction.contrast.against.contacts
        }
        given = [prediction.treatment, prediction.comparator]
        presence.append({**shared, **{site: ~there for site, there in own.items()}})
    full = perturb_partly(
        model.network, ensemble, list(zip(given, presence, strict=True)), condition, model.targets
    )
    healthy = replace(prediction.treatment, administrations=(), condition=condition, without=())
    vehicle = perturb_partly(model.network, ensemble, [(healthy, {})], condition, model.targets)
    response = respond(
        model.network,
        ensemble,
        Perturbation(full.gain, full.inputs),
        vehicle,
        prediction.regimen,
    )
    x = response.x[model.network.index[node]]
    return np.where(response.settled, x, np.nan)


def _steadiness(
    prediction: Prediction, node: str, players: Sequence[Player], values: Floats
) -> list[float]:
    """In how many of some draws each player, coming last, adds in the direction of its share."""
    settled = np.flatnonzero(prediction.contrast.settled)
    some = settled[:: max(len(settled) // _SOME_DRAWS, 1)][:_SOME_DRAWS]
    count = len(players)
    without = np.repeat(~np.eye(count, dtype=bool), len(some), axis=0)
    worth = _worth(prediction, node, players, np.tile(some, count), without)
    number = prediction.model.network.index[node]
    last = prediction.contrast.change[number, some] - worth.reshape(count, -1)
    steady = []
    for own, value in zip(last, values, strict=True):
        usable = own[np.isfinite(own)]
        steady.append(float((usable * value > 0).mean()) if len(usable) else 0.0)
    return steady
