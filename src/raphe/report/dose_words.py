"""A sweep of doses in words: factors, concentrations, turns and half effects."""

from __future__ import annotations

from collections.abc import Sequence

from raphe.calling import Call
from raphe.dose_curve import At, Curve, HalfEffect, Turn
from raphe.dose_range import Dose
from raphe.dose_response import DoseResponse
from raphe.engagement import Engagement
from raphe.prediction import treatment_title
from raphe.report.glyphs import CALLS
from raphe.report.wording import concentration, joined, percent, span
from raphe.spread import Spread
from raphe.units import Interval

#: A turn in fewer of the draws than this is not worth a sentence; the JSON has it.
WORTH_TELLING = 0.05
_EFFECTS = {Call.UP: "rise", Call.DOWN: "fall"}


def factor(value: float) -> str:
    """A multiple of the usual dose, with two digits.

    Examples
    --------
    >>> factor(0.01234), factor(1.0), factor(156.2)
    ('0.012×', '1×', '160×')
    """
    return f"{_two(value)}×"


def free(value: float) -> str:
    """A free concentration in nM, with two digits.

    Examples
    --------
    >>> free(15.6), free(42_000.0), free(0.0312)
    ('16 nM', '42 µM', '0.031 nM')
    """
    rounded = float(f"{value:.2g}")
    return concentration(Interval(rounded, rounded))


def free_range(dose: Dose) -> str:
    """The free concentrations of a dose."""
    low, high = (float(f"{end:.2g}") for end in (dose.free.low, dose.free.high))
    return concentration(Interval(low, high))


def spread_words(at: At) -> str:
    """A dose that each draw has for itself: median and 90 % interval, both as factor and free."""
    multiple, own = at.multiple, at.free
    return (
        f"{factor(multiple.median)} the usual ({_bounds(multiple)}), "
        f"{free(own.median)} free ({free(own.low)} to {free(own.high)})"
    )


def turn_words(turn: Turn) -> str:
    """Where a direction turns.

    Examples
    --------
    >>> from raphe.spread import Spread
    >>> at = At(0.98, Spread(16.0, 6.9, 34.0), Spread(640.0, 210.0, 1800.0))
    >>> turn_words(Turn(Call.UP, Call.DOWN, at))[:48]
    'turns from up to down at 16× the usual (6.9× to '
    """
    return (
        f"turns from {turn.below.value} to {turn.above.value} at {spread_words(turn.at)}, "
        f"in {percent(turn.at.share)} of the draws"
    )


def half_words(half: HalfEffect) -> str:
    """Where half of an effect is reached."""
    end = "levels off" if half.levels_off else "still growing at the highest dose"
    return (
        f"half of its {_EFFECTS[half.direction]} at {spread_words(half.at)}, "
        f"in {percent(half.at.share)} of the draws; {end}"
    )


def told(curve: Curve) -> tuple[Turn, ...]:
    """The turns that are worth a sentence, the commonest first."""
    turns = [one for one in curve.turns if one.at.share >= WORTH_TELLING]
    return tuple(sorted(turns, key=lambda one: -one.at.share))


def short_words(curve: Curve) -> str:
    """The same in a corner: the commonest turn, or else half of the effect."""
    for turn in told(curve):
        glyphs = f"{CALLS[turn.below]}{CALLS[turn.above]}"
        return f"{glyphs} {factor(turn.at.multiple.median)}, {percent(turn.at.share)}"
    return f"½ {factor(curve.half.at.multiple.median)}" if curve.half else ""


def summary(curve: Curve) -> str:
    """What a sweep shows of one readout, as a sentence without its name."""
    said = [turn_words(one) for one in told(curve)]
    if curve.half is not None:
        said.append(half_words(curve.half))
    if said:
        return "; ".join(said)
    moved = {call for call in curve.calls if call in _EFFECTS}
    if not moved:
        return "no dose moves it in a direction that could be called"
    ways = joined(call.value for call in (Call.UP, Call.DOWN) if call in moved)
    return f"{ways}, without a way to say where half of it is: {_back(curve)}"


def heading(found: DoseResponse) -> str:
    """What was swept."""
    title = treatment_title(found.trial.treatment)
    return f"{title[:1].upper()}{title[1:]}"


def circumstances(found: DoseResponse) -> str:
    """Regimen, comparator and what 1x is."""
    trial, reference = found.trial, found.range.reference
    return (
        f"{trial.regimen.value} · against {treatment_title(trial.comparator)} · "
        f"1× = {reference.drug.title.lower()} {concentration(reference.concentration)} free "
        f"({reference.exposure})"
    )


def site_name(engagement: Engagement, others: Sequence[Engagement]) -> str:
    """A target; held: its own transmitter competes there, as it does not elsewhere."""
    shared = sum(one.target == engagement.target for one in others) > 1
    if not shared:
        return engagement.target
    return f"{engagement.target}, {'held' if engagement.is_held else 'free'}"


def chosen_doses(doses: Sequence[Dose], most: int) -> list[int]:
    """Numbers of some doses, evenly spread, both ends and the plain dose among them.

    Examples
    --------
    >>> doses = [Dose(float(times), Interval(1, 1), times == 3) for times in range(1, 10)]
    >>> chosen_doses(doses, 5), len(chosen_doses(doses, 20))
    ([0, 2, 4, 6, 8], 9)
    """
    count = len(doses)
    if count <= most:
        return list(range(count))
    chosen = [round(place * (count - 1) / (most - 1)) for place in range(most)]
    plain = next((number for number, dose in enumerate(doses) if dose.is_plain), None)
    if plain is not None and plain not in chosen:
        nearest = min(range(1, most - 1), key=lambda place: abs(chosen[place] - plain))
        chosen[nearest] = plain
    return chosen


def _back(curve: Curve) -> str:
    back = 1 - curve.monotone_share
    if back < 0.005:
        return "too few of the draws move, or they do at the lowest dose already"
    return f"in {percent(back)} of the draws more of the drug takes back what less of it did"


def _bounds(spread: Spread) -> str:
    return f"{factor(spread.low)} to {factor(spread.high)}"


def _two(value: float) -> str:
    rounded = float(f"{value:.2g}")
    return span(Interval(rounded, rounded))
