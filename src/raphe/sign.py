"""The two core types: the sign of an edge, and the set of directions in which a node may move."""

from __future__ import annotations

from enum import Enum, Flag


class Sign(Enum):
    """Sign of an edge: positive, negative or unknown influence (SBGN activity flow).

    Examples
    --------
    >>> Sign.NEGATIVE * Sign.NEGATIVE
    <Sign.POSITIVE: '+'>
    >>> Sign.NEGATIVE * Sign.UNKNOWN
    <Sign.UNKNOWN: '?'>
    """

    POSITIVE = "+"
    NEGATIVE = "-"
    UNKNOWN = "?"

    def __mul__(self, other: Sign) -> Sign:
        """Sign of two edges in a row."""
        if Sign.UNKNOWN in (self, other):
            return Sign.UNKNOWN
        return Sign.POSITIVE if self is other else Sign.NEGATIVE


class Change(Flag):
    """Set of directions in which a node may move from its baseline.

    Join is ``|``, agreement is ``&``, entailment is ``in``; iteration gives the single directions.

    Examples
    --------
    >>> Change.UP | Change.DOWN
    <Change.CHANGED: 5>
    >>> Change.UP in Change.NOT_DOWN
    True
    """

    NOTHING = 0
    DOWN = 1
    SAME = 2
    UP = 4
    NOT_UP = DOWN | SAME
    NOT_DOWN = SAME | UP
    CHANGED = DOWN | UP
    ANY = DOWN | SAME | UP

    def through(self, sign: Sign) -> Change:
        """Directions that these bring about at the far end of an edge.

        Examples
        --------
        >>> Change.NOT_UP.through(Sign.NEGATIVE)
        <Change.NOT_DOWN: 6>
        """
        if sign is Sign.POSITIVE:
            return self
        mirrored = self & Change.SAME
        if Change.DOWN in self:
            mirrored |= Change.UP
        if Change.UP in self:
            mirrored |= Change.DOWN
        return mirrored if sign is Sign.NEGATIVE else mirrored | self

    @property
    def is_single(self) -> bool:
        """Whether exactly one direction is left."""
        return self in (Change.DOWN, Change.SAME, Change.UP)

    @property
    def words(self) -> tuple[str, ...]:
        """The single directions in the words of a finding, from down to up.

        Examples
        --------
        >>> Change.NOT_DOWN.words
        ('unchanged', 'up')
        """
        return tuple(WORDS[one] for one in (Change.DOWN, Change.SAME, Change.UP) if one in self)


#: How findings and answers name a single direction.
WORDS = {Change.DOWN: "down", Change.SAME: "unchanged", Change.UP: "up"}
