"""What a measurement would tell, in sentences."""

from __future__ import annotations

from raphe.calling import Call
from raphe.next_measurement import Measurement, Tells
from raphe.open_calls import Asked
from raphe.prediction import treatment_title
from raphe.report.wording import count, joined, likely
from raphe.reweighting import OUTCOMES
from raphe.unknowns import Drawn, Kind

#: Outcomes that come about less often are not worth a word.
_WORTH_A_WORD = 0.02
_VERBS = {Call.UP: "goes up", Call.DOWN: "goes down", Call.UNCHANGED: "stays unchanged"}
_SHORT = {Call.UP: "up", Call.DOWN: "down", Call.UNCHANGED: "unchanged"}
_KINDS = {
    Kind.WEIGHT: "the strength of {}",
    Kind.SIDE: "{}, on which papers disagree",
    Kind.SIGN: "the {}",
    Kind.SOURCE: "whether {} is right",
}


def question_words(asked: Asked) -> str:
    """A question as it is named: readout, treatment, regimen."""
    against = treatment_title(asked.comparator)
    beside = f", against {against}" if asked.comparator.administrations else ""
    return f"{asked.node} under {asked.regimen} {treatment_title(asked.treatment)}{beside}"


def measurement_words(one: Measurement) -> str:
    """A measurement as it is named."""
    return f"{one.node} under {one.regimen} {one.drug}"


def reason(one: Measurement) -> str:
    """What the outcome of a measurement would tell, as sentences."""
    others = [tells for tells in one.tells if not _is_itself(one, tells.question)]
    sentences = []
    if len(others) < len(one.tells):
        told = f", and tells of {count(len(others), 'other')}" if others else ""
        sentences.append(f"It is in question itself{told}.")
    elif len(one.tells) > 1:
        sentences.append(f"It tells of {len(one.tells)} calls in question.")
    if others:
        sentences.append(_then(one, others[0]))
    return " ".join(sentences)


def _is_itself(one: Measurement, asked: Asked) -> bool:
    names = [given.drug.name for given in asked.treatment.administrations]
    return (names, asked.regimen, asked.node) == ([one.drug], one.regimen, one.node)


def _then(one: Measurement, tells: Tells) -> str:
    """For the direction that hangs on the outcome most, what each outcome makes of it."""
    shares = {call: share for call, share in tells.outcomes.items() if share >= _WORTH_A_WORD}
    asked = tells.question

    def spread(direction: Call) -> float:
        values = [tells.then(outcome)[direction] for outcome in shares]
        return max(values) - min(values)

    direction = max(OUTCOMES, key=lambda call: round(spread(call), 9))
    order = sorted(shares, key=lambda call: -round(tells.then(call)[direction], 9))
    first, *rest = order
    same = [given.drug.name for given in asked.treatment.administrations] == [one.drug]
    what = asked.node if same and asked.regimen is one.regimen else question_words(asked)
    sentence = (
        f"If {one.node} {_VERBS[first]} ({likely(shares[first])}), {what} {_VERBS[direction]} with "
        f"{likely(tells.then(first)[direction])}"
    )
    parts = [
        f"{_SHORT[call]} ({likely(shares[call])}), with {likely(tells.then(call)[direction])}"
        for call in rest
    ]
    return f"{sentence}{''.join(f'; if {part}' for part in parts)}."


def decides_words(unknown: Drawn) -> str:
    """The unknown that a measurement turns on, in running text."""
    form = _KINDS.get(unknown.kind, "the {}")
    return form.format(unknown.name)


def alike_words(one: Measurement, most: int = 2) -> str:
    """Measurements that tell nearly the same, as a list; empty where there are none."""
    named = [f"{node} under {regimen} {drug}" for drug, regimen, node in one.alike[:most]]
    if len(one.alike) > most:
        named.append(f"{len(one.alike) - most} more")
    return joined(named)
