"""How a prediction was computed, with the numbers it was computed with, and what it cannot say."""

from __future__ import annotations

from raphe.model import FRAGILITY_DRAWS
from raphe.prediction import Prediction
from raphe.prior import PRIORS
from raphe.propagation.dynamic_range import REFERENCE_DRAWS
from raphe.report.wording import joined, percent

#: What holds of every prediction.
LIMITS = (
    "Free concentrations are given, not computed: pharmacokinetics, active metabolites and the "
    "passage into the brain are outside of the model.",
    "An occupancy is the same wherever its target stands; how densely receptors stand is not "
    "modelled.",
    "There is no time course here. Regimens are end states, and a change that comes and passes "
    "between them is not seen.",
    "Changes are in units of each node's full activity, not in the units of an assay: "
    "directions can be held against papers, sizes cannot.",
    "Probabilities are shares of the prior's draws. They say how far the declared knowledge "
    "decides a direction; they are not frequencies in animals or patients.",
    "What no edge declares does not act. A missing pathway looks like no effect.",
    "Strengths and tones are curated by hand from reports on several species, regions, methods.",
    "The direction of a readout is no clinical effect: this is for research, not for treatment.",
)


def tell_method(prediction: Prediction) -> tuple[str, ...]:
    """The method in ten sentences or so."""
    model, ensemble = prediction.model, prediction.model.ensemble
    criteria = model.criteria
    prior = PRIORS[prediction.prior]
    others = [name for name in PRIORS if name != prediction.prior]
    return (
        "The circuit is a directed signed graph. A node's state is its deviation from baseline; "
        "edges add up linearly, and activity is held between silent and full.",
        "A drug occupies its targets by mass action at the stated free concentration, drugs at one "
        "target competing (Gaddum): what is occupied hears its ligand no more and takes on the "
        "drug's efficacy.",
        f"Unknown edge weights are drawn from the prior «{prior.name}» ({prior.about}); tones, "
        "affinities and exposures from their declared ranges. Where sources of an affinity "
        "disagree, each draw believes one of them.",
        f"{prediction.drawn} draws with seed {prediction.seed}; "
        f"{percent(prediction.rejected_share)} were unstable and rejected, "
        f"{percent(prediction.unsettled_share)} of the rest did not come to rest. Both sides of a "
        "comparison use the same draws.",
        f"Unchanged means a change within ±{_percent(criteria.theta)} of the readout's dynamic "
        "range: its largest median response to any one target fully blocked or fully activated "
        f"({min(prediction.drawn, REFERENCE_DRAWS)} draws, no finding used).",
        f"A direction is called where its probability reaches {criteria.bar:g}; otherwise the "
        "prediction is ambiguous, which never counts as agreement. Normalised, of a finding, means "
        f"back within the threshold or {_percent(criteria.quarter)} of what had been moved, or "
        "clearly nearer to baseline.",
        "Borderline: another call at half or twice that threshold "
        f"(±{_percent(criteria.theta / 2)}, "
        f"±{_percent(2 * criteria.theta)}). Fragile: another call under the prior "
        f"{joined(others, 'or')} ({min(prediction.drawn, FRAGILITY_DRAWS)} draws each); "
        "these ignore the curated strengths.",
        "What is possible at all does not depend on the weights: a direction is ruled out where "
        "every simple path from what is perturbed, times the sign of its push, has the other one "
        "(Mason's formula). Certain means that one direction is left.",
        "That proof rests on every subsystem being stable, which is proved of "
        f"{percent(ensemble.proved_share)} of the draws that were kept.",
        "Reasons are computed: the share of a path is its term of Mason's formula in the draw of "
        "the median change; what stands in the way is found by leaving out each target in turn.",
    )


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
