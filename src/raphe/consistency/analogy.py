"""Prediction by analogy: a drug does what the other drugs of its class were reported to do.

A pharmacologist without any circuit would predict so. It is a baseline for whatever else is learnt
from the same reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from raphe.calling import Call
from raphe.consistency.reports import Report, independent_pairs, is_same_class
from raphe.consistency.score import Score


def by_analogy(score: Score, reports: Sequence[Report]) -> Score:
    """Each finding called as most reports on other drugs of the same classes say.

    Parameters
    ----------
    score
        Of the findings.
    reports
        Of these findings and no other (`raphe.consistency.reports.read_reports`).

    Notes
    -----
    Heard is every report of the same readout, regimen and condition, on other drugs of the same
    classes against the same kind of comparator (`raphe.consistency.reports.is_same_class`), that
    shares no paper with the finding. So neither the finding's own drugs nor its own papers take
    part. One report is one voice; where none is heard, or two directions have equally many, the
    call is ambiguous, which is to say: no answer. There is no fallback on other readouts: nothing
    in a circuit says which of them a pharmacologist would take for alike.
    """
    heard: dict[str, Counter[Call]] = {row.finding: Counter() for row in score.rows}
    for one, other in independent_pairs(reports, is_same_class):
        heard[one.finding][other.direction] += 1
        heard[other.finding][one.direction] += 1
    return score.called_as({name: majority(voices) for name, voices in heard.items()})


def majority(voices: Counter[Call]) -> Call:
    """The direction that most reports have; ambiguous where there is none, or not one alone.

    Examples
    --------
    >>> majority(Counter({Call.UP: 2, Call.UNCHANGED: 1})).value
    'up'
    >>> majority(Counter({Call.UP: 1, Call.DOWN: 1})).value, majority(Counter()).value
    ('ambiguous', 'ambiguous')
    """
    most = max(voices.values(), default=0)
    first = [call for call, number in voices.items() if number == most]
    return first[0] if len(first) == 1 else Call.AMBIGUOUS
