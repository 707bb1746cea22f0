"""The summary of a report: one paragraph of plain sentences, every number in it computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from raphe.calling import Call
from raphe.consistency.verdicts import Verdict
from raphe.finding import Regimen
from raphe.prediction import Prediction
from raphe.prior import PRIORS
from raphe.report.content import Readout, Region, Sentence
from raphe.report.treatment_words import against_words, given_words
from raphe.report.wording import capital, count, joined, probability
from raphe.sign import WORDS, Change

#: How a regimen reads at the head of a sentence.
_WHEN = {
    Regimen.ACUTE: "At once, before anything adapts,",
    Regimen.CHRONIC: "Under sustained treatment",
    Regimen.WASHOUT: "After sustained treatment, with the drug washed out,",
}
_HEADS = {
    Call.UP: "Up",
    Call.DOWN: "Down",
    Call.UNCHANGED: "Unchanged",
    Call.AMBIGUOUS: "Ambiguous",
}


def summarise(
    prediction: Prediction,
    regions: Sequence[Region],
    tally: Mapping[Verdict, int],
) -> tuple[Sentence, ...]:
    """The sentences of the summary.

    Parameters
    ----------
    prediction
        What was asked and how.
    regions
        The readouts, as they are told further down.
    tally
        How many findings have each verdict.
    """
    rows = [row for region in regions for row in region.readouts]
    if not rows:
        return (Sentence(_held(tally)),)
    return (
        Sentence(_opening(prediction, rows)),
        *(_called(regions, call) for call in Call if any(row.call is call for row in rows)),
        Sentence(_robust(prediction, regions, rows)),
        Sentence(_certain(regions, rows)),
        Sentence(_held(tally)),
    )


def _opening(prediction: Prediction, rows: Sequence[Readout]) -> str:
    counted = {call: sum(row.call is call for row in rows) for call in Call}
    done = [
        f"raise {counted[Call.UP] or 'none'} of {count(len(rows), 'readout')}",
        f"lower {counted[Call.DOWN] or 'none'}",
        f"leave {counted[Call.UNCHANGED] or 'none'} unchanged",
    ]
    opened = counted[Call.AMBIGUOUS]
    left = f"; the direction of {opened} is left open" if opened else ""
    when = _WHEN[prediction.regimen] if prediction.treatment.administrations else ""
    what = f"{when} {given_words(prediction.treatment)}".strip()
    return (
        f"{capital(what)} is predicted, against "
        f"{against_words(prediction)}, to {joined(done)}{left} (probabilities in brackets)."
    )


def _called(regions: Sequence[Region], call: Call) -> Sentence:
    """All readouts of one call, by region, each with its probability."""

    def tell(row: Readout) -> str:
        if row.call is not call:
            return ""
        return f"{row.name} ({probability(row.odds.probability(call))})"

    return Sentence(f"{_by_region(regions, tell)}.", _HEADS[call])


def _by_region(regions: Sequence[Region], tell: Callable[[Readout], str]) -> str:
    """What is told of each readout, by region; nothing of those of which nothing is told."""
    parts = []
    for region in regions:
        told = [text for text in map(tell, region.readouts) if text]
        if told:
            where = f" in {_article(region.label)}" if region.label else ""
            parts.append(f"{joined(told)}{where}")
    return "; ".join(parts)


def _article(label: str) -> str:
    return label if label.startswith("the ") else f"the {label}"


def _robust(prediction: Prediction, regions: Sequence[Region], rows: Sequence[Readout]) -> str:
    fragile = sum(bool(row.fragile) for row in rows)
    borderline = sum(row.borderline for row in rows)
    others = len([name for name in PRIORS if name != prediction.prior])
    if not fragile and not borderline:
        return (
            f"No call is fragile (the {others} other built-in priors make the same calls) "
            "and none is borderline."
        )
    parts = []
    if fragile:
        parts.append(
            f"{fragile} of the {len(rows)} calls {_be(fragile)} fragile: "
            "another built-in prior calls otherwise"
        )
    if borderline:
        so = "does so too" if fragile else "changes them"
        parts.append(f"{borderline} {_be(borderline)} borderline: half or twice the threshold {so}")
    firm = _by_region(regions, lambda row: "" if row.fragile or row.borderline else row.name)
    held = f"Neither is true of {firm}." if firm else "None is free of both."
    return f"{capital('; '.join(parts))}. {held}"


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _certain(regions: Sequence[Region], rows: Sequence[Readout]) -> str:
    """What no choice of weights can change."""
    sure = [row for row in rows if row.is_certain]
    if not sure:
        if all(row.is_decided for row in rows):
            return (
                "No direction is certain whatever the weights: paths of both signs lead to every "
                "readout, and the weights decide."
            )
        return "No direction was shown to be certain whatever the weights."
    one_way = _by_region(
        regions, lambda row: f"{row.name} ({_only(row)})" if row.is_certain and _moves(row) else ""
    )
    unreached = _by_region(
        regions, lambda row: row.name if row.is_certain and not _moves(row) else ""
    )
    told = (
        [f"Certain given the arrows of this circuit, whatever their weights: {one_way}."]
        if one_way
        else []
    )
    told += [f"No path at all leads to {unreached}."] if unreached else []
    return " ".join(told)


def _moves(row: Readout) -> bool:
    return row.possible is not Change.SAME


def _only(row: Readout) -> str:
    moved = row.possible & Change.CHANGED
    return f"never {WORDS[Change.CHANGED & ~moved]}" if moved.is_single else "open"


def _held(tally: Mapping[Verdict, int]) -> str:
    whole = sum(tally.values())
    if not whole:
        return "No finding is on file for just this treatment, so nothing could be held against it."
    counted = [
        f"{number} {_VERBS[verdict][number != 1]}" for verdict, number in tally.items() if number
    ]
    return f"Of the {count(whole, 'finding')} reported of just this treatment, {joined(counted)}."


_VERBS = {
    Verdict.AGREES: ("agrees", "agree"),
    Verdict.DISAGREES: ("disagrees", "disagree"),
    Verdict.AMBIGUOUS: ("meets an ambiguous prediction", "meet an ambiguous prediction"),
    Verdict.OUT_OF_SCOPE: ("is out of scope", "are out of scope"),
}
