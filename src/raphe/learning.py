"""Two questions about what is not known: what findings teach, and what to measure next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from raphe.conditioning import Given, condition_on
from raphe.consistency.observed import observe
from raphe.errors import InputError, Problem, not_one_of
from raphe.finding import Regimen
from raphe.next_measurement import Next, rank_measurements
from raphe.open_calls import ask, open_questions
from raphe.panel import drugs_of_findings, make_panel
from raphe.prediction import Prediction
from raphe.questions import answer_design, select_findings
from raphe.reweighting import USUAL_LEAST, USUAL_WRONG, Tolerance, require_tolerance
from raphe.settings import Setting, setting
from raphe.trial import VEHICLE, Design

#: Measurements that are told of, unless more are asked for.
USUAL_MOST = 10


def given(
    *names: str,
    wrong: float = USUAL_WRONG,
    least: int = USUAL_LEAST,
    within: Setting | None = None,
) -> Given:
    """What findings teach about everything else.

    Parameters
    ----------
    *names
        Findings that are accepted, or drugs, for all findings on them; all findings if none is
        named.
    wrong
        Probability that a finding is wrong; see `raphe.reweighting.log_likelihoods`.
    least
        How many effective draws have to be left; where fewer would be, findings count for less.
    within
        Knowledge, circuit and draws; see `raphe.settings.setting`.

    Raises
    ------
    InputError
        A name is neither, none of the findings can be used, or there are too few draws.

    Examples
    --------
    >>> learnt = given("desipramine-lc-firing-chronic", within=setting(draws=200), least=50)
    >>> learnt.reweighted.power
    1.0
    """
    within = within or setting()
    chosen = select_findings(within.knowledge, names)
    tolerance = Tolerance(wrong, least)
    require_tolerance(tolerance, within.model.ensemble.size)
    observed = observe(within.model, within.knowledge, within.knowledge.findings)
    return condition_on(observed, within.knowledge, chosen, tolerance)


def predict_given(
    learnt: Given,
    *drugs: str,
    within: Setting,
    regimen: str = "chronic",
    dose: str | Mapping[str, str] = "",
    compared_with: str | Sequence[str] = VEHICLE,
    condition: str = "",
    without: str | Sequence[str] = (),
) -> tuple[Prediction, Prediction]:
    """What drugs raise and lower, before and after findings were accepted.

    Parameters
    ----------
    learnt
        See `given`.
    within
        The setting that it was learnt in.
    *drugs, regimen, dose, compared_with, condition, without
        See `raphe.questions.predict`.

    Raises
    ------
    InputError
        With everything that was mistyped.
    """
    design = Design(drugs, regimen, dose, compared_with, condition, without)
    before = answer_design(design, within).prediction
    # Other priors know nothing of what was learnt.
    before = replace(before, fragility=False)
    return before, replace(before, weights=learnt.weights)


def next_measurements(
    *drugs: str,
    readout: str = "",
    regimen: str = "chronic",
    dose: str | Mapping[str, str] = "",
    compared_with: str | Sequence[str] = VEHICLE,
    condition: str = "",
    without: str | Sequence[str] = (),
    candidates: Sequence[str] = (),
    most: int = USUAL_MOST,
    within: Setting | None = None,
) -> Next:
    """What to measure next: what would tell most of a call, or of all that are open.

    Parameters
    ----------
    *drugs
        What was given. Without a readout, calls of all readouts that are ambiguous under these
        drugs, each alone; under all drugs of the findings if none is named.
    readout
        The call in question.
    regimen, dose, compared_with, condition, without
        Of the question; see `raphe.questions.predict`. Without a readout, the regimen alone.
    candidates
        Drugs to measure with; all drugs of the findings by default.
    most
        How many measurements are told of.
    within
        Knowledge, circuit and draws; see `raphe.settings.setting`.

    Raises
    ------
    InputError
        With everything that was mistyped, or nothing is open.
    """
    within = within or setting()
    design = Design(drugs, regimen, dose, compared_with, condition, without)
    model, knowledge = within.model, within.knowledge
    if most < 1:
        raise InputError([Problem(f"{most} measurements.", "Ask for one or more.")])
    known = drugs_of_findings(knowledge)
    tools = tuple(knowledge.drug(name).name for name in candidates) or known
    if readout:
        readout = model.network.pathway.find(readout)
        prediction = answer_design(design, within).prediction
        asked = (ask(prediction, readout),)
        own = [one.drug.name for one in prediction.treatment.administrations]
        panel = make_panel(model, knowledge, sorted({*tools, *([] if candidates else own)}))
        return rank_measurements(panel, knowledge, asked, most)
    if dose or condition or without or design.comparators != (VEHICLE,):
        what = "a dose, comparator, condition or target left out, but no readout."
        raise InputError([Problem(what, "Name the readout that is in question, or leave them.")])
    if regimen not in list(Regimen):
        raise InputError([not_one_of(list(Regimen), "regimen", regimen)])
    about = {knowledge.drug(name).name for name in drugs} or set(known)
    panel = make_panel(model, knowledge, sorted({*tools, *about}))
    questions = open_questions(panel, Regimen(regimen), about)
    if not questions:
        what = "no call of a readout is ambiguous."
        raise InputError([Problem(what, "Name a drug and a readout to ask about all the same.")])
    if candidates:
        kept = tuple(one for one in panel.experiments if one.drug in tools)
        panel = replace(panel, experiments=kept)
    return rank_measurements(panel, knowledge, questions, most)
