"""From levels, fits and estimates to the points, curves and words of a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from raphe.assay.estimate import Estimate, show
from raphe.assay.fitting import Array, Fit
from raphe.assay.picture import Curve, Numbers, Points, Shade
from raphe.assay.replicates import Level


def means(
    group: int, levels: Sequence[Level], shade: Shade = Shade.FULL, joined: bool = False
) -> Points:
    """Mean ± SEM at each level."""
    return Points(
        group,
        tuple(level.at for level in levels),
        tuple(level.mean for level in levels),
        tuple(level.error for level in levels),
        shade=shade,
        joined=joined,
    )


def fitted(
    group: int,
    fit: Fit,
    predict: Callable[[Mapping[str, float], Array], Array],
    grid: Array,
    shade: Shade = Shade.FULL,
) -> Curve:
    """The curve of a fit over a grid; with its 95 % confidence band where it is drawn in full."""

    def on_grid(values: Mapping[str, float]) -> Array:
        return predict(values, grid)

    middle = _numbers(on_grid(fit.values))
    band = fit.band(on_grid) if shade is Shade.FULL else None
    low, high = ((), ()) if band is None else (_numbers(band[1]), _numbers(band[2]))
    return Curve(group, _numbers(grid), middle, low, high, shade)


def words(estimate: Estimate, symbol: str = "") -> str:
    """An estimate with its error and without its interval, under the symbol of the field."""
    return str(replace(estimate, quantity=symbol or estimate.quantity, interval=None))


def interval_words(estimate: Estimate, symbol: str = "") -> tuple[str, ...]:
    """The interval of an estimate as a line of its own; nothing where there is none."""
    if estimate.interval is None:
        return ()
    low, high = (show(end, estimate.standard_error) for end in estimate.interval)
    return (f"{symbol} 95 % CI {low} to {high} {estimate.unit}".strip(),)


def _numbers(values: Array) -> Numbers:
    return tuple(float(value) for value in values)
