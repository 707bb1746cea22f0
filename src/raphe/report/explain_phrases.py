"""Words of explanations: what drugs do, how sources, targets, unknowns and loops are written."""

from __future__ import annotations

from raphe.binding import Contact
from raphe.consistency.reasons import LATER, arrow
from raphe.drug import Action
from raphe.evidence import EvidenceList
from raphe.explanation.loops import Loop
from raphe.explanation.routes import Route
from raphe.explanation.targets import Player
from raphe.pathway import Edge
from raphe.prediction import Prediction
from raphe.report.citations import Citations
from raphe.report.content import Sources
from raphe.report.wording import percent, small, source_runs
from raphe.target import Targets
from raphe.unknowns import Drawn, Kind

#: What a drug does at a target, by its action.
DOES = {
    Action.AGONIST: "activates",
    Action.PARTIAL_AGONIST: "partly activates",
    Action.INVERSE_AGONIST: "silences",
    Action.ANTAGONIST: "blocks",
    Action.INHIBITOR: "inhibits",
    Action.BLOCKER: "blocks",
    Action.OPENER: "opens",
    Action.ACTIVATOR: "activates",
    Action.PAM: "enhances",
    Action.NAM: "dampens",
    Action.RELEASER: "reverses",
}
DOING = {
    Action.AGONIST: "activating",
    Action.PARTIAL_AGONIST: "partly activating",
    Action.INVERSE_AGONIST: "silencing",
    Action.ANTAGONIST: "blocking",
    Action.INHIBITOR: "inhibiting",
    Action.BLOCKER: "blocking",
    Action.OPENER: "opening",
    Action.ACTIVATOR: "activating",
    Action.PAM: "enhancing",
    Action.NAM: "dampening",
    Action.RELEASER: "reversing",
}


def numbers(sources: Sources) -> str:
    """Numbers of sources in brackets, with a space before them; nothing for none.

    Examples
    --------
    >>> numbers((1, 2, 3, 7)), numbers(())
    (' [1–3, 7]', '')
    """
    runs = source_runs(sources)
    listed = ", ".join(str(one) if one == other else f"{one}–{other}" for one, other in runs)
    return f" [{listed}]" if listed else ""


def target_words(targets: Targets, name: str) -> str:
    """A target as pharmacologists write it, and its symbol where that is another word."""
    if name in targets.families:
        return targets.families[name].name or name
    symbols = targets.symbols(name)
    if symbols and symbols[0] in targets.targets:
        return targets.targets[symbols[0]].name
    return name


def unknown_words(unknown: Drawn) -> str:
    """An unknown in running text.

    Examples
    --------
    >>> import numpy as np
    >>> unknown_words(Drawn("a -> b", Kind.WEIGHT, np.zeros(1)))
    'the weight of a → b'
    """
    name = unknown.name.replace(" -> ", " → ").replace(" -| ", " ⊣ ")
    kind = unknown.kind
    if kind is Kind.WEIGHT:
        return f"the weight of {name}"
    if kind is Kind.SIDE:
        return f"the open question {name.removeprefix('side of ')}"
    if kind is Kind.SOURCE:
        return f"belief in {name}"
    if kind is Kind.AFFINITY:
        return f"the affinity constant of {name.removeprefix('affinity of ')} (nM)"
    if kind is Kind.EXPOSURE:
        return f"the exposure to {name.removeprefix('exposure of ')} (nM free)"
    if kind is Kind.CONDITION:
        return f"the strength of {name}"
    return f"the {name}"


def loop_words(loop: Loop) -> str:
    """A loop in arrows, back to where it began."""
    parts = [LATER, loop.nodes[0]] if loop.is_later else [loop.nodes[0]]
    closed = (*loop.nodes[1:], loop.nodes[0])
    for sign, slow, node in zip(loop.signs, loop.slow, closed, strict=True):
        parts += [arrow(sign, slow), node]
    return " ".join(parts)


def edge_words(source: str, target: str, edge: Edge) -> str:
    """An edge in arrows."""
    return f"{source} {arrow(edge.sign, edge.slow)} {target}"


def _binding_evidence(contact: Contact) -> EvidenceList:
    found = [item for row in contact.rows for item in row.evidence]
    return tuple(dict.fromkeys(found))


class Phrases:
    """Parts of sentences that name bindings and paths, with what they rest on."""

    def __init__(self, prediction: Prediction, citations: Citations) -> None:
        self.prediction = prediction
        self.citations = citations
        self.pathway = prediction.model.network.pathway

    def route(self, route: Route) -> str:
        """Names with the direction of each, arrows, and what each arrow rests on."""
        direction = route.push
        parts = []
        for place, node in enumerate(route.nodes):
            if place:
                sign, slow = route.signs[place - 1], route.slow[place - 1]
                direction *= -1 if sign.value == "-" else 1
                parts.append(arrow(sign, slow))
            if place == route.later:
                parts.append(LATER)
            parts.append(f"{node} {'↑' if direction > 0 else '↓'}")
            if place:
                parts[-1] += self.rests(route.nodes[place - 1], node, route.slow[place - 1])
        return " ".join(parts)

    def rests(self, source: str, target: str, slow: bool) -> str:
        """Numbers of what an edge rests on; whether it is assumed."""
        sources: set[int] = set()
        is_assumed = True
        for edge in self.pathway.edges:
            if (edge.source, edge.target) == (source, target) and (not slow or edge.declared.slow):
                claim = edge_words(source, target, edge.declared)
                sources.update(self.citations.cite(edge.evidence, claim))
                is_assumed = is_assumed and not any(item.ref for item in edge.evidence)
        if is_assumed:
            return " [assumed]"
        return numbers(tuple(sorted(sources)))

    def player(self, player: Player) -> str:
        """What was done, as a name: the target, or the condition."""
        if not player.sites:
            return small(player.name)
        if len(player.sites) > 1:
            return player.name
        ((drug, target),) = player.sites
        alone = len(self.prediction.treatment.administrations) == 1 and not player.is_missing
        name = self._named(target)
        return name if alone else f"{drug} at {name}"

    def doing(self, player: Player) -> str:
        """What was done, as a clause behind «because»."""
        if not player.sites:
            return f"of {'the lack of ' if player.is_missing else ''}{small(player.name)} itself"
        if len(player.sites) > 1:
            return f"of {player.name} together"
        ((drug, target),) = player.sites
        contact = player.contacts[0]
        who = "it" if self._is_only(drug) else drug
        verb = DOES[contact.rows[0].action]
        if player.is_missing:
            who, verb = f"{drug}, which only the comparison group had,", verb
        return f"{who} {verb} {self._target(drug, target, contact)}"

    def gerund(self, player: Player) -> str:
        """What was done, as the subject of a sentence."""
        if not player.sites:
            return f"{'the lack of ' if player.is_missing else ''}{small(player.name)} itself"
        if len(player.sites) > 1:
            return f"the sum of {player.name}"
        ((drug, target),) = player.sites
        contact = player.contacts[0]
        verb = DOING[contact.rows[0].action]
        lack = "the lack of " if player.is_missing else ""
        who = "" if self._is_only(drug) else f"{drug} "
        return f"{lack}{who}{verb} {self._target(drug, target, contact)}"

    def _is_only(self, drug: str) -> bool:
        given = [one.drug.name for one in self.prediction.treatment.administrations]
        return given == [drug] and not self.prediction.comparator.administrations

    def _target(self, drug: str, target: str, contact: Contact) -> str:
        """A target with how much of it is occupied and what that rests on."""
        name = self._named(target)
        cited = self.citations.cite(_binding_evidence(contact), f"{drug} at {target}")
        return f"{name} ({percent(contact.usual)} occupied{numbers(cited)})"

    def _named(self, target: str) -> str:
        targets = self.prediction.model.targets
        is_one = target not in targets.families and bool(targets.symbols(target))
        return f"{'the ' if is_one else ''}{target_words(targets, target)}"
