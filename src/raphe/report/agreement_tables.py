"""How far reports agree with each other, as a table: what anything that predicts them could do."""

from __future__ import annotations

from collections.abc import Callable

from raphe.consistency.agreement import ENOUGH_CELLS, Agreement
from raphe.consistency.scorecard import Scorecard
from raphe.report.score_layout import GROUPS, NOTHING, ScoreTable, between, part_of, right_of
from raphe.report.wording import percent

_NOTE = (
    "Of two findings on the same readout, regimen and condition that share no paper, how often the "
    "direction is the same. Same experiment: the same drugs, exposures and comparator; same "
    "classes: other drugs, each of a class of one in the other. A column has the pairs in which at "
    "least one finding is of its group. Findings that pairs link are one cell; agreement is the "
    "mean over cells, and its interval (Wilson) takes one cell as one observation, however many "
    "pairs it has. Who always says what most reports of a cell say would be right in a share of "
    "them that lies between the agreement a and (1 + √(6a − 2))/3: the best that can be done "
    "without knowing more of each experiment; between its two ends lies what the interval of a "
    f"leaves open. It is not told with fewer than {ENOUGH_CELLS} cells. Where papers disagree, the "
    "library has both and marks them as disputed, while papers that agree may share one finding: "
    "agreement is understated, and without the disputed ones it is overstated."
)


def agreement_table(card: Scorecard) -> ScoreTable:
    """Pairs of independent reports: of the same experiment, and of other drugs of its classes."""
    groups = card.groups
    rows: list[tuple[str, ...]] = []
    for name, whole in (
        ("same experiment: pairs", card.same_treatment),
        ("same classes, other drugs: pairs", card.same_class),
    ):
        own = [whole.among(score) for score in groups.values()]

        def each(measure: Callable[[Agreement], str], of: list[Agreement] = own) -> tuple[str, ...]:
            return tuple(measure(one) if one.total else NOTHING for one in of)

        predicted = [
            right_of(score.among(one.findings))
            for score, one in zip(groups.values(), own, strict=True)
        ]
        rows += [
            (name, *(f"{one.total}" for one in own)),
            ("  cells", *each(lambda one: f"{one.cells}")),
            ("  pairs that agree", *each(lambda one: part_of(one.agreeing, one.total))),
            ("    without disputed ones", *each(_undisputed)),
            ("  up against down", *each(lambda one: part_of(one.opposite, one.total))),
            ("  agreement, mean of cells", *each(lambda one: percent(one.share))),
            ("    95 % interval", *each(lambda one: between(one.interval))),
            ("  commonest report known: right", *each(_ceiling)),
            ("    95 % interval", *each(_ceiling_interval)),
            ("  raphe, of these findings", *predicted),
        ]
    head = ("", *(GROUPS[name] for name in groups))
    return ScoreTable("Agreement between reports", head, tuple(rows), _NOTE)


def _undisputed(agreement: Agreement) -> str:
    own = agreement.undisputed
    return f"{part_of(own.agreeing, own.total)} of {own.total}" if own.total else NOTHING


def _ceiling(agreement: Agreement) -> str:
    found = agreement.ceiling
    return between(found) if found else "too few"


def _ceiling_interval(agreement: Agreement) -> str:
    found = agreement.ceiling_interval
    return between(found) if found else NOTHING
