"""How numbers and lists are written in reports: with the digits that they deserve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from raphe.prior import USUAL_DRAWS
from raphe.units import Interval

#: Above this, in nM, affinities are written in µM.
_MICROMOLAR = 10_000.0


def probability(share: float, draws: int = USUAL_DRAWS) -> str:
    """A probability over draws: two digits, and no 0 or 1.

    What all of a few draws agree on is not surer than they can tell: of *d* draws, all but 3 / *d*
    (the rule of three).

    Examples
    --------
    >>> probability(0.714), probability(0.999), probability(0.0), probability(1.0, 30)
    ('0.71', '> 0.99', '< 0.01', '> 0.90')
    """
    least = max(0.01, 3 / draws)
    if share > 1 - least:
        return f"> {1 - least:.2f}"
    return f"< {least:.2f}" if share < least else f"{share:.2f}"


def likely(share: float, draws: int = USUAL_DRAWS) -> str:
    """A probability in running text.

    Examples
    --------
    >>> likely(0.714), likely(0.999)
    ('p = 0.71', 'p > 0.99')
    """
    written = probability(share, draws)
    return f"p {written}" if written[0] in "<>" else f"p = {written}"


def signed(value: float) -> str:
    """A change in units of full activity, with a true minus sign.

    Examples
    --------
    >>> signed(0.3004), signed(-0.11), signed(-0.004)
    ('+0.30', '−0.11', '0.00')
    """
    written = f"{abs(value):.2f}"
    if written == "0.00":
        return written
    return f"+{written}" if value > 0 else f"−{written}"


def amount(value: float) -> str:
    """A part of a change, of which sums are made: two significant digits, and a true minus sign.

    Examples
    --------
    >>> amount(0.0956), amount(-0.7566), amount(1.234), amount(-0.00004)
    ('+0.096', '−0.76', '+1.2', '0')
    """
    if abs(value) < 5e-5:
        return "0"
    decimals = max(1 - math.floor(math.log10(abs(value))), 1)
    written = f"{abs(value):.{min(decimals, 4)}f}"
    return f"+{written}" if value > 0 else f"−{written}"


def percent(share: float) -> str:
    """A share in per cent.

    Examples
    --------
    >>> percent(0.604), percent(0.004), percent(0.0)
    ('60 %', '< 1 %', '0 %')
    """
    if abs(share) < 1e-9:
        return "0 %"
    if share < 0.005:
        return "< 1 %"
    if 0.995 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def percent_signed(share: float) -> str:
    """A share of a whole, with its sign where it goes the other way.

    Examples
    --------
    >>> percent_signed(0.41), percent_signed(-0.126)
    ('41 %', '−13 %')
    """
    return percent(share) if share > -0.005 else f"−{percent(-share)}"


def concentration(interval: Interval) -> str:
    """A concentration or affinity that is known in nM.

    Examples
    --------
    >>> concentration(Interval(17, 42)), concentration(Interval(1850, 82000))
    ('17 – 42 nM', '1.85 – 82 µM')
    >>> concentration(Interval(1000, float("inf"))), concentration(Interval(0, 5))
    ('> 1000 nM', '< 5 nM')
    >>> concentration(Interval(2511.9, 2511.9))
    '2510 nM'
    """
    low, high = interval.low, interval.high
    largest = low if math.isinf(high) else high
    factor, unit = (1e-3, "µM") if largest >= _MICROMOLAR else (1.0, "nM")
    if interval.is_point:
        return f"{_three(low * factor)} {unit}"
    if math.isinf(high):
        return f"> {_three(low * factor)} {unit}"
    if low == 0:
        return f"< {_three(high * factor)} {unit}"
    return f"{_three(low * factor)} – {_three(high * factor)} {unit}"


def span(interval: Interval) -> str:
    """A number without a unit, or the range in which it lies.

    Examples
    --------
    >>> span(Interval(0.3, 0.7)), span(Interval(-1, -1))
    ('0.3 – 0.7', '−1')
    """
    ends = [f"{_three(end)}".replace("-", "−") for end in (interval.low, interval.high)]
    return ends[0] if interval.is_point else " – ".join(ends)


def joined(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in running text.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a"])
    ('a, b and c', 'a')
    """
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {last} {several[-1]}"


def count(number: int, thing: str) -> str:
    """A number of things.

    Examples
    --------
    >>> count(1, "node"), count(3, "node")
    ('1 node', '3 nodes')
    """
    return f"{number} {thing if number == 1 else f'{thing}s'}"


def capital(text: str) -> str:
    """A text that begins a sentence; Greek letters stay, since a capital alpha reads as an A.

    Examples
    --------
    >>> capital("firing"), capital("α₂A function")
    ('Firing', 'α₂A function')
    """
    return text[:1].upper() + text[1:] if text[:1].isascii() else text


def small(name: str) -> str:
    """A name within a sentence: small, but for words that are not small after their first letter.

    Examples
    --------
    >>> small("Chronic mild stress"), small("DSP-4 lesion"), small("MeCP2 loss")
    ('chronic mild stress', 'DSP-4 lesion', 'MeCP2 loss')
    """
    first = name.partition(" ")[0]
    return f"{name[0].lower()}{name[1:]}" if first[1:].islower() else name


def source_runs(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """First and last of each run of numbers, to be written as ranges.

    Examples
    --------
    >>> source_runs((1, 2, 3, 5, 7, 8))
    ((1, 3), (5, 5), (7, 7), (8, 8))
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    # Two neighbours are not worth a dash.
    return tuple(
        part
        for first, last in runs
        for part in ([(first, last)] if last - first != 1 else [(first, first), (last, last)])
    )


def _three(value: float) -> str:
    """Three significant digits, never as a power of ten."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    decimals = max(0, 2 - math.floor(math.log10(abs(rounded))))
    written = f"{rounded:.{decimals}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
