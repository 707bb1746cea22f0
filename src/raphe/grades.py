"""Words for how much: strength of an edge, tone and receptor reserve of a node, and times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import (
    PlainValidator,
    WithJsonSchema,
)

from raphe.units import Interval, parse_range, parse_time

#: Weight of an edge: change of the target, in units of its full activity, per full change of the
#: source. The classes are those of design: curated, and wide on purpose.
STRENGTHS = {
    "weak": Interval(0.05, 0.3),
    "moderate": Interval(0.3, 0.7),
    "strong": Interval(0.7, 1.1),
    "dominant": Interval(1.1, 2.0),
}
#: A strength that is a definition: one end is measured in units of the other. Where a node hears
#: one other alone, or is heard by one alone, its unit is free, and only a product is unknown.
UNIT = Interval(1.0, 1.0)

#: Receptor reserve R, receptors that stand by for each that a full effect needs. It turns an
#: efficacy of 0.5 into 0.67, 0.8 and 0.91 (Furchgott 1966); large is that of the somatodendritic
#: 5-HT1A receptor, where partial agonists silence the cells.
RESERVES = {"small": 1.0, "moderate": 3.0, "large": 9.0}
_MOST_RESERVE = 100

#: Basal activity as a share of full activity.
TONES = {
    "silent": Interval(0.0, 0.0),
    "low": Interval(0.02, 0.15),
    "moderate": Interval(0.3, 0.6),
    "high": Interval(0.6, 0.9),
    "full": Interval(1.0, 1.0),
}


def _strength(value: Any) -> Interval:
    if isinstance(value, Interval):
        return value
    if isinstance(value, str) and value in STRENGTHS:
        return STRENGTHS[value]
    if value == "unit":
        return UNIT
    try:
        interval = parse_range(str(value), {"": 1.0}, "a strength", "0.2 - 0.4")
    except ValueError:
        raise ValueError(
            f"'{value}' is not a strength; use {_or([*STRENGTHS, 'unit'])}, "
            "or a range as in '0.2 - 0.4'"
        ) from None
    if not 0 < interval.low <= interval.high <= 5:
        raise ValueError(f"'{value}' is not a strength; a range lies above 0 and below 5")
    return interval


def _reserve(value: Any) -> float:
    if value is None or isinstance(value, bool):
        return RESERVES["large"] if value else 0.0
    if isinstance(value, str) and value in RESERVES:
        return RESERVES[value]
    try:
        size = float(value)
    except (TypeError, ValueError):
        size = -1.0
    if not 0 <= size <= _MOST_RESERVE:
        raise ValueError(
            f"'{value}' is not a receptor reserve; use {_or(RESERVES)}, or a number from 0 to "
            f"{_MOST_RESERVE}: how many receptors stand by for one that a full effect needs"
        )
    return size


def admissible(strength: Interval, necessary: bool) -> Interval:
    """What a strength may be: loss of what is necessary takes all that there is, and no more.

    Examples
    --------
    >>> admissible(STRENGTHS["strong"], necessary=True)
    Interval(low=0.7, high=1.0)
    """
    if not necessary:
        return strength
    return Interval(min(strength.low, 1.0), min(strength.high, 1.0))


def _tone(value: Any) -> Interval | None:
    if value is None or isinstance(value, Interval):
        return value
    if isinstance(value, str) and value in TONES:
        return TONES[value]
    try:
        interval = parse_range(str(value), {"": 1.0}, "a tone", "0.05 - 0.2")
    except ValueError:
        raise ValueError(
            f"'{value}' is not a tone; use {_or(TONES)}, or a share as in '0.4' or '0.05 - 0.2'"
        ) from None
    if not 0 <= interval.low <= interval.high <= 1:
        raise ValueError(f"'{value}' is not a tone; it lies between 0 (silent) and 1 (full)")
    return interval


def _time(value: Any) -> Interval | None:
    return value if value is None or isinstance(value, Interval) else parse_time(str(value))


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


Reserve = Annotated[
    float,
    PlainValidator(_reserve),
    WithJsonSchema({"anyOf": [{"enum": list(RESERVES)}, {"type": ["boolean", "number"]}]}),
]
Strength = Annotated[
    Interval,
    PlainValidator(_strength),
    WithJsonSchema({"anyOf": [{"enum": [*STRENGTHS, "unit"]}, {"type": ["string", "number"]}]}),
]
Tone = Annotated[
    Interval | None,
    PlainValidator(_tone),
    WithJsonSchema({"anyOf": [{"enum": list(TONES)}, {"type": ["string", "number"]}]}),
]
#: A time constant, in hours once it is read.
Time = Annotated[
    Interval | None,
    PlainValidator(_time),
    WithJsonSchema({"type": "string", "examples": ["2 - 10 d"]}),
]
