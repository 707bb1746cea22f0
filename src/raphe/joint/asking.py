"""The joint question as people ask it: of drugs, findings or all, on one circuit."""

from __future__ import annotations

from collections.abc import Collection

from raphe.errors import InputError, Problem, nearest
from raphe.finding import Regimen
from raphe.joint.circuit import signed_circuit
from raphe.joint.problem import Laws
from raphe.joint.reported import Unchanged, pose
from raphe.joint.together import Together
from raphe.joint.treated import Bench, Reading
from raphe.joint.weight import Weights
from raphe.questions import select_findings
from raphe.settings import Setting, setting


def consistent(
    *names: str,
    regimens: Collection[str] = (),
    held: float = Reading().held,
    unchanged: str = Unchanged.EXACT.value,
    laws: Laws | None = None,
    within: Setting | None = None,
) -> Together:
    """Whether findings can all be true together on a circuit, whatever the weights.

    Parameters
    ----------
    *names
        Drugs or findings; all findings if none is named.
    regimens
        Only findings of these; all if none is named.
    held
        Occupancy from which a target counts as held by a drug, 0 to 1.
    unchanged
        How findings of «unchanged» are read, see `raphe.joint.reported.Unchanged`.
    laws
        By default all but that of elementary paths.
    within
        Knowledge and circuit; its draws and its prior play no part.

    Raises
    ------
    InputError
        With everything that was mistyped, or where no finding is left.

    Examples
    --------
    >>> answer = consistent("mianserin", regimens=["acute"])
    >>> answer.is_consistent
    True
    """
    within = within or setting()
    problems: list[Problem] = []
    for name in regimens:
        if name not in list(Regimen):
            remedy = nearest(name, list(Regimen)) or f"It is one of {', '.join(Regimen)}."
            problems.append(Problem(f"no regimen '{name}'.", remedy))
    if not 0 < held <= 1:
        problems.append(
            Problem(f"held from an occupancy of {held:g}.", "It lies above 0, up to 1.")
        )
    if unchanged not in (one.value for one in Unchanged):
        problems.append(
            Problem(f"'{unchanged}' is no way to read «unchanged».", "It is exact or small.")
        )
    try:
        findings = select_findings(within.knowledge, names)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    if regimens:
        findings = {name: one for name, one in findings.items() if one.regimen in regimens}
    network = within.model.network
    bench = Bench(
        signed_circuit(network, dict(within.sides)), within.knowledge.targets, Reading(held)
    )
    posed = pose(bench, within.knowledge, findings, laws, Unchanged(unchanged))
    if not posed.reports:
        why = next(iter(posed.left_out.values()), "")
        what = "no finding that can be put in signs on this circuit."
        raise InputError([Problem(what, why or "Name others, or '--all'.")])
    return Together(posed, Weights(posed, within.knowledge.references))
