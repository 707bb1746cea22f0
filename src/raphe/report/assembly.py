"""From an answer to a report: what is said of it, in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from raphe.contraindication import contraindications, told_cautions, told_peripheral
from raphe.prediction import Prediction
from raphe.questions import Answer
from raphe.report.citations import Citations
from raphe.report.content import Fact, Illustration, Report
from raphe.report.method import LIMITS, tell_method
from raphe.report.pharmacology import tell_condition, tell_drugs
from raphe.report.readouts import tell_readouts
from raphe.report.reported import tell_findings
from raphe.report.summary import summarise
from raphe.report.treatment_words import command_line, facts, title_words
from raphe.report.wording import joined
from raphe.version import __version__


def assemble_report(answer: Answer, illustrations: Sequence[Illustration] = ()) -> Report:
    """What a report says of an answer.

    Parameters
    ----------
    answer
        A prediction with the findings that it can be held against.
    illustrations
        The diagrams that go with it, in order.

    Notes
    -----
    References are numbered as they are cited, so the parts are told in reading order.
    """
    prediction = answer.prediction
    citations = Citations(answer.setting.knowledge.references)
    regions = tell_readouts(answer, citations)
    drugs = tell_drugs(prediction, citations)
    condition = tell_condition(prediction, citations)
    held = tell_findings(answer, citations)
    titles = {given.drug.name: given.drug.title for given in prediction.treatment.administrations}
    unplaced = tuple(
        f"{titles[drug]} also binds {joined(targets)}, for which the circuit has no node."
        for drug, targets in prediction.unplaced.items()
        if targets
    )
    return Report(
        title=title_words(prediction),
        facts=(*facts(prediction), *_warnings(prediction)),
        summary=summarise(prediction, regions, held.tally),
        regions=regions,
        illustrations=tuple(illustrations),
        drugs=drugs,
        condition=condition,
        findings=held.rows,
        tally=held.tally,
        contradiction=held.contradiction,
        out_of_scope=held.out_of_scope,
        unplaced=unplaced,
        method=tell_method(prediction),
        references=citations.references,
        assumptions=citations.assumptions,
        limits=LIMITS,
        command=command_line(answer),
        version=f"raphe {__version__}",
    )


def _warnings(prediction: Prediction) -> tuple[Fact, ...]:
    """Drugs that should not be given together, and drugs that do not enter the brain."""
    given = prediction.treatment.administrations
    told = told_cautions(contraindications(given, prediction.model.targets))
    return (
        *(Fact("Caution", line.removeprefix("Caution: ")) for line in told),
        *(Fact("Brain entry", line) for line in told_peripheral(given)),
    )
