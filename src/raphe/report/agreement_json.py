"""How reports agree, and what analogy reaches, for programs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from raphe.consistency.agreement import Agreement
from raphe.consistency.score import Score
from raphe.report.json_numbers import rounded

Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[int, Field(ge=0)]
Range = tuple[Share, Share]


class Analogy(TypedDict):
    """Findings called as most reports on other drugs of the same classes say."""

    answers: Annotated[Number, Field(description="findings that such reports speak to, untied")]
    coverage: Annotated[Share, Field(description="their share of all findings")]
    right: Annotated[Number, Field(description="of these, as reported")]
    accuracy: Annotated[Share | None, Field(description="their share; null without answers")]
    opposite: Annotated[Number, Field(description="of these, up of down or down of up")]
    predicted_right: Annotated[Number, Field(description="of the same findings, raphe's calls")]
    predicted_accuracy: Annotated[
        Share | None, Field(description="their share; ambiguous is wrong")
    ]


class Agreeing(TypedDict):
    """Pairs of findings on one thing that share no paper; at least one is of the group."""

    pairs: Number
    cells: Annotated[Number, Field(description="units: findings that pairs link are one")]
    agreeing: Annotated[Number, Field(description="pairs with the same direction")]
    opposite: Annotated[Number, Field(description="pairs with up against down")]
    undisputed: Annotated[Number, Field(description="pairs of which neither is marked disputed")]
    undisputed_agreeing: Annotated[Number, Field(description="of these, the same direction")]
    agreement: Annotated[
        Share | None, Field(description="share that agrees, mean over cells; null without pairs")
    ]
    interval: Annotated[
        Range, Field(description="its 95 % interval (Wilson), one observation a cell")
    ]
    ceiling: Annotated[
        Range | None,
        Field(
            description="least and greatest accuracy of who knows the commonest report of each "
            "cell; null: too few cells to tell"
        ),
    ]
    ceiling_interval: Annotated[Range | None, Field(description="from the ends of the interval")]
    findings: Annotated[Number, Field(description="of the group, that stand in a pair")]
    predicted_right: Annotated[Number, Field(description="of these findings, raphe's calls")]


def analogy_json(analogy: Score, predicted: Score) -> Analogy:
    """What analogy reaches on some findings, and the circuit on those that it answers."""
    own = analogy.answered
    same = predicted.only(own)
    return {
        "answers": own.total,
        "coverage": rounded(analogy.coverage),
        "right": own.right,
        "accuracy": rounded(own.accuracy) if own.total else None,
        "opposite": sum(row.is_opposite for row in own.rows),
        "predicted_right": same.right,
        "predicted_accuracy": rounded(same.accuracy) if same.total else None,
    }


def agreement_json(agreement: Agreement, predicted: Score) -> Agreeing:
    """Pairs that have one of some findings, and the circuit's calls of those findings."""
    same = predicted.among(agreement.findings)
    return {
        "pairs": agreement.total,
        "cells": agreement.cells,
        "agreeing": agreement.agreeing,
        "opposite": agreement.opposite,
        "undisputed": agreement.undisputed.total,
        "undisputed_agreeing": agreement.undisputed.agreeing,
        "agreement": rounded(agreement.share) if agreement.total else None,
        "interval": _range(agreement.interval),
        "ceiling": _range(agreement.ceiling) if agreement.ceiling else None,
        "ceiling_interval": (
            _range(agreement.ceiling_interval) if agreement.ceiling_interval else None
        ),
        "findings": same.total,
        "predicted_right": same.right,
    }


def _range(ends: tuple[float, float]) -> Range:
    return rounded(ends[0]), rounded(ends[1])
