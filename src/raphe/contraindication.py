"""Which of the drugs of a treatment should not be given together, as far as knowledge declares it.

A list of cautions is never complete: that a pair has none says nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from raphe.caution import Caution, Mechanism
from raphe.drug import Binding
from raphe.target import Targets
from raphe.treatment import Administration


@dataclass(frozen=True)
class Contraindication:
    """Two drugs that a caution is about."""

    name: str
    caution: Caution
    #: The drug that does the first thing, and the one that does the second.
    drugs: tuple[Administration, Administration]

    @property
    def references(self) -> tuple[str, ...]:
        """Ids of the references that speak for it."""
        items = (one for one in self.caution.evidence if one.ref and not one.against)
        return tuple(dict.fromkeys(one.ref for one in items))

    def involves(self, given: Administration) -> bool:
        """Whether a drug is one of the two."""
        return any(one.drug.name == given.drug.name for one in self.drugs)


def contraindications(
    given: Sequence[Administration], targets: Targets
) -> tuple[Contraindication, ...]:
    """Cautions between any two of some drugs, sorted by name; each pair once.

    Examples
    --------
    >>> from raphe.knowledge import load_knowledge
    >>> from raphe.treatment import administer
    >>> known = load_knowledge()
    >>> pair = [administer(known.drug(name)) for name in ("fluoxetine", "tranylcypromine")]
    >>> [one.caution.title for one in contraindications(pair, known.targets)]
    ['serotonin syndrome']
    """
    found: dict[tuple[str, frozenset[str]], Contraindication] = {}
    for name, caution in sorted(targets.cautions.items()):
        for pair in permutations(given, 2):
            if all(
                reached(one, mechanism, targets) >= caution.reach
                for one, mechanism in zip(pair, caution.between, strict=True)
            ):
                names = frozenset(one.drug.name for one in pair)
                found.setdefault((name, names), Contraindication(name, caution, pair))
    return tuple(found.values())


def reached(given: Administration, mechanism: Mechanism, targets: Targets) -> float:
    """Largest share of a target at which a drug acts so: at the upper end of its exposure.

    Of several sources, and of a range of affinities, the tightest: a caution is better given once
    too often. Other drugs at the target are left out of account.
    """
    wanted = set(targets.symbols(mechanism.target))
    shares = [
        _share(given, row)
        for target, rows in given.drug.targets.items()
        if wanted.intersection(targets.symbols(target))
        for row in rows
        if row.is_used and row.action in mechanism.actions
    ]
    return max(shares, default=0.0)


def _share(given: Administration, row: Binding) -> float:
    drug, high = given.drug, given.concentration.high
    if row.occupancy is not None:
        share = min(row.occupancy.high, 0.999)
        usual = drug.exposure[drug.usual_exposure].free.high
        ratio = share / (1 - share) * (high / usual if usual else 1.0)
    else:
        assert row.affinity is not None
        ratio = high / row.affinity.low if row.affinity.low else float("inf")
    return 1.0 if ratio == float("inf") else ratio / (1 + ratio)


def told_cautions(found: Iterable[Contraindication]) -> list[str]:
    """Cautions between drugs that are given, a sentence each."""
    return [
        f"Caution: {one.drugs[0].drug.title} and {one.drugs[1].drug.title} are contraindicated "
        f"together: {one.caution.title} [{', '.join(one.references)}]."
        for one in found
    ]


def told_peripheral(given: Iterable[Administration]) -> list[str]:
    """Drugs that do not enter the brain, a sentence each."""
    return [
        f"{one.drug.title} does not, or hardly, enter the brain: predicted for {one.concentration} "
        "nM free in the brain, as given into the ventricle or to slices."
        for one in given
        if one.drug.enters_brain is False
    ]
