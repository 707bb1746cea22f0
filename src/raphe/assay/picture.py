"""What a result looks like, as data; :mod:`raphe.assay.plot` draws it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: Numbers along an axis.
Numbers = tuple[float, ...]


class Shade(Enum):
    """How strongly something is drawn."""

    #: Means and fitted curves.
    FULL = "full"
    #: Single measurements behind their mean.
    FAINT = "faint"
    #: The same quantity before a correction: an open marker, a dashed line.
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Points:
    """Measurements; errors are half lengths of the bars, or both ends of an interval."""

    #: Index of the group, which sets colour and marker.
    group: int
    x: Numbers
    y: Numbers
    #: Standard error of each *y*; not a number where there is none.
    y_error: Numbers = ()
    #: Lower and upper end of each *x*.
    x_interval: tuple[Numbers, Numbers] | None = None
    shade: Shade = Shade.FULL
    #: Whether the points are joined, as in a time course.
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """A fitted curve, with its confidence band where there is one."""

    group: int
    x: Numbers
    y: Numbers
    low: Numbers = ()
    high: Numbers = ()
    shade: Shade = Shade.FULL


@dataclass(frozen=True, slots=True)
class Guide:
    """A line across the plot, at a value of one axis."""

    axis: str
    at: float
    label: str = ""
    #: Whether it marks the giving of the drug.
    drug: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """One group of the figure: its name and its parameters, in words."""

    group: int
    name: str
    lines: tuple[str, ...] = ()
    #: As the points it stands for.
    shade: Shade = Shade.FULL


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure."""

    title: str
    subtitle: str
    x_label: str
    y_label: str
    points: tuple[Points, ...] = ()
    curves: tuple[Curve, ...] = ()
    guides: tuple[Guide, ...] = ()
    legends: tuple[Legend, ...] = ()
    #: Whether concentrations run logarithmically.
    x_log: bool = False
    #: Where zero is drawn on a logarithmic axis; none where there is no zero.
    zero_at: float | None = None
    #: Names in place of numbers, at 0, 1, 2, …
    x_names: tuple[str, ...] = ()
    y_names: tuple[str, ...] = ()
    #: Steps between the numbers of the *x* axis, of which the smallest that fits is taken.
    x_steps: Numbers = ()
