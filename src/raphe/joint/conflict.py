"""What of some assumptions cannot hold together, nothing of it to spare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

#: Whether some assumptions hold together; where they do, all of those asked for that hold in one
#: labelling, and where not, some that cannot.
Weigh = Callable[[Iterable[int], Iterable[int]], tuple[bool, frozenset[int]]]


def least_conflict(ordered: Sequence[int], weigh: Weigh) -> list[int]:
    """A part of assumptions that cannot hold together, of which all that is left can.

    Parameters
    ----------
    ordered
        Cannot hold together. What comes last is needed as little as what comes first allows.
    weigh
        Asks the solver.

    Notes
    -----
    Divide and conquer: U. Junker, "QuickXplain", Proc. AAAI 2004, 167-172. What one answer shows
    of other sets is not asked again.

    Examples
    --------
    >>> def weigh(some, among):
    ...     broken = {2, 5} <= set(some)
    ...     return not broken, frozenset((2, 5)) if broken else frozenset(some)
    >>> least_conflict(range(9), weigh)
    [2, 5]
    """
    return _least(_Answers(weigh, ordered), set(), list(ordered), grown=False)


def _least(answers: _Answers, kept: set[int], rest: list[int], grown: bool) -> list[int]:
    """The part of the rest that is needed for a conflict with what is kept."""
    if grown and not answers.hold(kept):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    of_second = _least(answers, kept | set(first), second, bool(first))
    return _least(answers, kept | set(of_second), first, bool(of_second)) + of_second


class _Answers:
    """What is known of which assumptions hold together."""

    def __init__(self, weigh: Weigh, assumptions: Sequence[int]) -> None:
        self._weigh = weigh
        self._assumptions = assumptions
        self._whole: list[frozenset[int]] = []
        self._broken: list[frozenset[int]] = []

    def hold(self, some: set[int]) -> bool:
        """Whether these do."""
        if any(some <= one for one in self._whole):
            return True
        if any(one <= some for one in self._broken):
            return False
        holds, shown = self._weigh(some, self._assumptions)
        (self._whole if holds else self._broken).append(shown)
        return holds
