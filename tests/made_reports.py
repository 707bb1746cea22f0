"""Made-up findings on drugs of two classes, few enough to compare every one with every other."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from raphe.calling import Call
from raphe.consistency.reports import Report, read_reports
from raphe.consistency.score import CLASSES, Certainty, Score, Scored
from raphe.drug import Drug
from raphe.finding import Finding

POOLS = (
    ("x1", "x2", "x3"),
    ("x1", "x2", "xy1", "y1"),
    ("a1", "x1", "x2", "y1"),
    ("n1", "n2", "x1"),
)
#: What the file says of each drug, and its classes as letters, by its name without the number.
_SAID = {"a": "TCA", "x": "SSRI (of a kind)", "xy": "SSRI and TCA", "y": "TCA", "n": ""}
_LETTERS = {"a": "y", "n": ""}


def classes(name: str) -> set[str]:
    """As letters."""
    return set(_LETTERS.get(name[:-1], name[:-1]))


class Drugs:
    """As much of a knowledge base as reports need."""

    def drug(self, name: str) -> Drug:
        return Drug.model_validate(
            {
                "drug": name,
                "title": name,
                "class": _SAID[name[:-1]],
                "targets": {"T": {"action": "agonist", "Ki": "1 nM"}},
                "exposure": {"usual": {"free": "9 nM"}, "high": {"free": "90 nM"}},
            }
        )

    def condition(self, name: str) -> Any:
        return SimpleNamespace(name=name)


def finding(
    *drugs: str,
    direction: str = "up",
    papers: Sequence[str] = ("one",),
    exposure: str = "",
    **more: Any,
) -> Finding:
    """A finding on the drugs, each given at one exposure."""
    usual = {"regimen": "acute", "readout": "r", "direction": direction}
    dosing = {name: {"exposure": exposure} for name in drugs}
    return Finding.model_validate({"drugs": dosing, "evidence": list(papers), **usual, **more})


@st.composite
def findings(draw: st.DrawFn, names: Sequence[str]) -> Finding:
    """Any of a few readouts, comparators and papers."""
    size = draw(st.sampled_from((1, 1, 2, 2, 0)))
    drugs = draw(st.lists(st.sampled_from(names), min_size=size, max_size=size, unique=True))
    others = draw(st.sampled_from(["vehicle", "vehicle", *drugs, names[0]]))
    odd: list[dict[str, str]] = [{"readout": "s"}, {"regimen": "chronic"}, {"condition": "ill"}]
    return finding(
        *drugs,
        direction=draw(st.sampled_from([one.value for one in CLASSES])),
        papers=draw(st.sampled_from(("p", "q", "r", "s", "t", "pq", "rs", ""))),
        exposure=draw(st.sampled_from(["", "", "usual", "high"])),
        compared_with=[others if drugs else "vehicle"],
        disputed=draw(st.booleans()),
        **({"condition": "ill"} if not drugs else draw(st.sampled_from([{}] * 9 + odd))),
    )


@st.composite
def _many(draw: st.DrawFn) -> dict[str, Finding]:
    # Of few drugs, so that many are alike.
    names = draw(st.sampled_from(POOLS))
    made = draw(st.lists(findings(names), min_size=4, max_size=14))
    return {f"f{number:02}": one for number, one in enumerate(made)}


#: Findings by name.
MANY = _many()


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
