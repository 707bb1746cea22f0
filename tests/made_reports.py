"""Made-up findings on drugs of two classes, few enough to compare every one with every other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from raphe.calling import Call
from raphe.consistency.reports import Report, read_reports
from raphe.consistency.score import CLASSES, Certainty, Score, Scored
from raphe.drug import Drug
from raphe.finding import Finding

#: Classes of each drug, by the first letters of its name; `n` has none.
NAMES = ("x1", "x2", "x3", "xy1", "y1", "y2", "n1", "n2")
_CLASSES = {"x": "SSRI (of a kind)", "xy": "SSRI and TCA", "y": "TCA", "n": ""}


def classes(name: str) -> set[str]:
    """As letters."""
    return set(name[:-1]) - {"n"}


class Drugs:
    """As much of a knowledge base as reports need."""

    def drug(self, name: str) -> Drug:
        return Drug.model_validate(
            {
                "drug": name,
                "title": name,
                "class": _CLASSES[name[:-1]],
                "targets": {"T": {"action": "agonist", "Ki": "1 nM"}},
                "exposure": {"usual": {"free": "9 nM"}, "high": {"free": "90 nM"}},
            }
        )

    def condition(self, name: str) -> Any:
        return SimpleNamespace(name=name)


def finding(
    *drugs: str,
    direction: str = "up",
    papers: tuple[str, ...] = ("one",),
    exposure: str = "",
    **more: Any,
) -> Finding:
    """A finding on the drugs, each given at one exposure."""
    usual = {"regimen": "acute", "readout": "r", "direction": direction}
    dosing = {name: {"exposure": exposure} for name in drugs}
    return Finding.model_validate({"drugs": dosing, "evidence": list(papers), **usual, **more})


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """Any of a few readouts, drugs, comparators and papers, so that many are alike."""
    drugs = draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
    against = draw(st.sampled_from(["vehicle"] * 4 + [*drugs, "x1", "y2"])) if drugs else "vehicle"
    return finding(
        *drugs,
        direction=draw(st.sampled_from([one.value for one in CLASSES])),
        papers=tuple(sorted(draw(st.sets(st.sampled_from("pqrst"), max_size=2)))),
        exposure=draw(st.sampled_from(["", "", "usual", "high"])),
        compared_with=[against],
        condition=draw(st.sampled_from(["", "", "ill"])) if drugs else "ill",
        readout=draw(st.sampled_from(["r", "r", "s"])),
        regimen=draw(st.sampled_from(["acute", "acute", "chronic"])),
        disputed=draw(st.booleans()),
    )


#: By name.
MANY = st.lists(findings(), max_size=12).map(
    lambda made: {f"f{number:02}": one for number, one in enumerate(made)}
)


def scored(own: dict[str, Finding]) -> Score:
    """A score of them in which everything is called up."""
    return Score(
        tuple(
            Scored(
                finding=name,
                reported=Call(one.direction),
                called=Call.UP,
                probability=1.0,
                regimen=one.regimen,
                region="a",
                drug_class="x",
                classes=frozenset({"x"}),
                certainty=Certainty.LIKELY,
                seen=None,
            )
            for name, one in own.items()
        )
    )


def reports(own: dict[str, Finding]) -> tuple[Report, ...]:
    """The same as reports."""
    knowledge: Any = Drugs()
    return read_reports(knowledge, own, scored(own))


# ---- the same relations, written once more, on findings and in another way


def papers(one: Finding) -> set[str]:
    """Ids of what it cites."""
    return {item.ref for item in one.evidence}


def others(one: Finding) -> set[str]:
    """Drugs of the comparison group."""
    return set(one.compared_with) - {"vehicle"}


def have_other_papers(one: Finding, other: Finding) -> bool:
    """Both cite papers, and no paper is cited by both."""
    known = papers(one), papers(other)
    return all(known) and len(known[0] | known[1]) == len(known[0]) + len(known[1])


def measure_the_same(one: Finding, other: Finding) -> bool:
    """Readout, regimen and condition are the same."""
    return all(
        getattr(one, name) == getattr(other, name) for name in ("readout", "regimen", "condition")
    )
