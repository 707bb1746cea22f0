"""Two versions of the knowledge, compared, for programs: a documented dictionary."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from raphe.attribution import ChangedCall, Swap
from raphe.calling import Call, Odds
from raphe.comparison import Comparison
from raphe.difference import Difference
from raphe.report.diff_words import attribution
from raphe.report.json_numbers import rounded
from raphe.version import __version__

#: Raised when a key goes or changes its meaning.
DIFF_SCHEMA: Literal["raphe.diff/1"] = "raphe.diff/1"

Share = Annotated[float, Field(ge=0, le=1)]
CallWord = Literal["up", "down", "unchanged", "ambiguous"]
RegimenWord = Literal["acute", "chronic", "washout"]
VerdictWord = Literal["agrees", "disagrees", "ambiguous", "out of scope"]


class DifferenceItem(TypedDict):
    """One thing that both versions declare differently."""

    kind: Literal["edge", "node", "cascade", "target", "drug row", "exposure"]
    where: Annotated[str, Field(description="the pathway or drug that declares it")]
    what: str
    before: Annotated[str, Field(description="empty: not in the earlier version")]
    after: Annotated[str, Field(description="empty: not in the later version")]
    places: Annotated[int, Field(ge=0, description="edges or nodes of the circuit; 0: none")]


class CallItem(TypedDict):
    """What one version calls a readout."""

    call: CallWord
    p: Annotated[Share, Field(description="probability of that call")]
    p_up: Share
    p_down: Share
    p_unchanged: Share
    median: Annotated[float, Field(description="in units of full activity")]


Numbers = Annotated[list[int], Field(description="places in `swaps`, from 0")]


class CallChange(TypedDict):
    """One readout of one drug that is called otherwise."""

    drug: str
    regimen: RegimenWord
    readout: str
    before: CallItem
    after: CallItem
    alone: Numbers
    needed: Numbers
    together: Annotated[
        bool | None, Field(description="are those needed enough together; null: not asked")
    ]
    says: Annotated[str, Field(description="the same as a sentence")]


class RestlessItem(TypedDict):
    """A drug with which no draw of one version comes to rest, and some of the other do."""

    drug: str
    regimen: RegimenWord
    rests_before: bool
    rests_after: bool


class VerdictChange(TypedDict):
    """One finding that stands otherwise to its prediction."""

    finding: str
    before: VerdictWord
    after: VerdictWord


class ListingItem(TypedDict):
    """Names that one version has and the other has not, or declares otherwise."""

    kind: str
    removed: list[str]
    added: list[str]
    changed: list[str]


class DiffAnswer(TypedDict):
    """Answer of ``raphe diff --json``."""

    schema: Literal["raphe.diff/1"]
    version: Annotated[str, Field(description="of raphe")]
    earlier: str
    later: str
    prior: str
    draws: Annotated[int, Field(ge=1)]
    seed: int
    drugs: Annotated[list[str], Field(description="whose calls were compared")]
    regimens: list[RegimenWord]
    readouts: Annotated[list[str], Field(description="that both versions have")]
    listings: list[ListingItem]
    differences: Annotated[list[DifferenceItem], Field(description="that a prediction can hang on")]
    swaps: Annotated[
        list[list[int]], Field(description="differences swapped together: places, from 0")
    ]
    calls: list[CallChange]
    restless: Annotated[
        list[RestlessItem], Field(description="drugs that come to rest in one version only")
    ]
    findings: Annotated[int, Field(ge=0, description="findings that both versions have")]
    verdicts: Annotated[list[VerdictChange], Field(description="of these, those that changed")]


def diff_json(made: Comparison) -> dict[str, Any]:
    """A comparison as a `DiffAnswer`."""
    number = {one: place for place, one in enumerate(made.differences)}
    place = {swap: own for own, swap in enumerate(made.swaps)}
    answer: DiffAnswer = {
        "schema": DIFF_SCHEMA,
        "version": __version__,
        "earlier": made.earlier,
        "later": made.later,
        "prior": made.prior,
        "draws": made.draws,
        "seed": made.seed,
        "drugs": list(made.drugs),
        "regimens": [one.value for one in made.regimens],
        "readouts": list(made.readouts),
        "listings": [
            {
                "kind": one.kind,
                "removed": list(one.removed),
                "added": list(one.added),
                "changed": list(one.changed),
            }
            for one in made.listings
        ],
        "differences": [_difference(one) for one in made.differences],
        "swaps": [[number[one] for one in swap.differences] for swap in made.swaps],
        "calls": [_call(one, place) for one in made.calls],
        "restless": [
            {
                "drug": one.drug,
                "regimen": one.regimen.value,
                "rests_before": one.rests_before,
                "rests_after": not one.rests_before,
            }
            for one in made.restless
        ],
        "findings": made.findings,
        "verdicts": [
            {"finding": one.finding, "before": one.before.value, "after": one.after.value}
            for one in made.verdicts
        ],
    }
    return {**answer}


def _difference(one: Difference) -> DifferenceItem:
    return {
        "kind": one.kind,
        "where": one.where,
        "what": one.what,
        "before": one.before,
        "after": one.after,
        "places": max(len(one.edges), len(one.nodes)),
    }


def _call(one: ChangedCall, place: dict[Swap, int]) -> CallChange:
    return {
        "drug": one.drug,
        "regimen": one.regimen.value,
        "readout": one.readout,
        "before": _side(one.before, one.odds_before),
        "after": _side(one.after, one.odds_after),
        "alone": [place[swap] for swap in one.alone],
        "needed": [place[swap] for swap in one.needed],
        "together": one.suffices,
        "says": attribution(one, len(place), str),
    }


def _side(call: Call, odds: Odds) -> CallItem:
    return {
        "call": call.value,
        "p": rounded(odds.probability(call)),
        "p_up": rounded(odds.up),
        "p_down": rounded(odds.down),
        "p_unchanged": rounded(odds.unchanged),
        "median": rounded(odds.median),
    }
