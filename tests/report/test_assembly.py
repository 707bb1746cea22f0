from __future__ import annotations

import pytest

from raphe.calling import CRITERIA, Call
from raphe.consistency.verdicts import Verdict
from raphe.questions import Answer, predict
from raphe.report.assembly import assemble_report
from raphe.report.content import Report
from raphe.settings import Setting


def test_summary_counts_what_the_answer_calls(answer: Answer, report: Report) -> None:
    up = sum(row.call is Call.UP for row in answer.readouts)
    assert f"raise {up} of {len(answer.readouts)} readouts" in report.summary[0].text
    heads = [sentence.head for sentence in report.summary if sentence.head]
    assert heads == ["Up", "Down", "Unchanged"]
    assert "firing (> 0.99) in the cell body" in report.summary[1].text


def test_summary_names_what_is_certain(report: Report) -> None:
    told = " ".join(sentence.text for sentence in report.summary)
    assert (
        "Certain given the arrows of this circuit, whatever their weights: firing (never down) in "
        "the cell body; noradrenaline (never "
        "down), β density (never up) and cAMP (never down) in the field. "
        "No path at all leads to GABA in the field."
    ) in told


def test_references_are_numbered_as_they_are_cited(report: Report) -> None:
    cited: list[int] = []
    for region in report.regions:
        for row in region.readouts:
            cited += [number for number in row.sources if number not in cited]
    assert cited == sorted(cited)
    assert [one.number for one in report.references] == [1, 2, 3]
    assert [one.id for one in report.references] == ["made-2001", "never-filed", "document-1999"]


def test_every_number_that_is_cited_is_in_the_list(report: Report) -> None:
    sources = [row.sources for region in report.regions for row in region.readouts]
    sources += [row.sources for row in (*report.findings, *report.out_of_scope)]
    for drug in report.drugs:
        sources += [row.sources for target in drug.targets for row in target.rows]
        sources.append(drug.exposure.sources)
    assert {number for several in sources for number in several} == {
        one.number for one in report.references
    }


def test_no_row_of_the_drug_is_hidden(answer: Answer, report: Report) -> None:
    [drug] = report.drugs
    declared = answer.prediction.treatment.administrations[0].drug
    assert {one.target: len(one.rows) for one in drug.targets} == {
        target: len(rows) for target, rows in declared.targets.items()
    }
    marks = {one.target: [row.mark for row in one.rows] for one in drug.targets}
    assert marks["alpha2"] == ["", "", "disputed"]
    assert marks["SLC6A2"] == ["not reached"]
    reach = {one.target: one.reach for one in drug.targets}
    assert reach["alpha2"] == "1 node"
    assert reach["HRH1"] == "no node in the circuit"
    assert reach["ADRB1"] == "not computed with"
    assert report.unplaced == ("Madeupine also binds HRH1, for which the circuit has no node.",)


def test_assumptions_stand_with_what_rests_on_them(within: Setting) -> None:
    told = assemble_report(predict("madeupine", within=within, condition="made_lesion"))
    assumed = {one.text: one.claims for one in told.assumptions}
    assert assumed["Free in brain is free in plasma"] == ("madeupine, therapeutic exposure",)
    assert told.condition is not None
    assert [row.does for row in told.condition.rows] == [
        "pushed up by 0.05 – 0.3",
        "10 % to 20 % lost",
    ]


def test_findings_that_contradict_each_other_are_named(report: Report) -> None:
    assert "soma.firing" in report.contradiction
    assert report.tally[Verdict.AGREES] == 1
    assert [row.finding for row in report.out_of_scope] == ["made-elsewhere"]
    assert "no node 'cerebellum.GABA'" in report.out_of_scope[0].why


def test_reason_of_a_readout_is_not_told_twice(report: Report) -> None:
    whys = {row.finding: row.why for row in report.findings}
    assert whys["made-firing"] == "As told of soma.firing above."
    assert "soma.alpha2 ⊣ soma.firing" in whys["made-firing-other"]


def test_method_names_prior_draws_seed_and_thresholds(report: Report) -> None:
    told = " ".join(report.method)
    assert "«classes»" in told
    assert "300 draws with seed 1" in told
    assert f"±{100 * CRITERIA.theta:g} %" in told
    assert f"reaches {CRITERIA.bar:g}" in told
    assert len(report.method) == 10


@pytest.mark.parametrize(
    ("question", "command"),
    [
        ({}, "raphe report madeupine --regimen chronic --circuit loop --draws 300"),
        (
            {"regimen": "acute", "dose": "60 nM", "without": "alpha2"},
            "raphe report madeupine --regimen acute --dose '60 nM' --without ADRA2A "
            "--circuit loop --draws 300",
        ),
        (
            {"condition": "made_lesion", "compared_with": "madeupine", "dose": "2x"},
            "raphe report madeupine --regimen chronic --dose 2x --compared-with madeupine "
            "--condition made_lesion --circuit loop --draws 300",
        ),
    ],
)
def test_command_asks_the_same_again(
    within: Setting, question: dict[str, str], command: str
) -> None:
    assert assemble_report(predict("madeupine", within=within, **question)).command == command


def test_exposure_says_where_it_comes_from(within: Setting) -> None:
    def told(dose: str) -> tuple[str, str, str]:
        exposure = assemble_report(predict("madeupine", within=within, dose=dose)).drugs[0].exposure
        return exposure.name, exposure.free, exposure.note

    assert told("") == ("therapeutic", "20 – 60 nM", "taken from thin air")
    assert told("2x")[:2] == ("2x", "40 – 120 nM")
    assert "the therapeutic exposure of 20 – 60 nM" in told("2x")[2]
    assert told("5 nM")[:2] == ("as asked for", "5 nM")


def test_drugs_of_the_comparison_group_are_told_too(within: Setting) -> None:
    told = assemble_report(predict("madeupine", within=within, compared_with="otherine"))
    assert [drug.role for drug in told.drugs] == ["given", "given to the comparison group"]
    assert told.drugs[1].targets[0].occupancy == "91 %"
    assert "against otherine" in told.summary[0].text


def test_condition_alone_is_compared_with_the_healthy_animal(within: Setting) -> None:
    alone = predict(within=within, condition="made_lesion", regimen="acute")
    assert assemble_report(alone).drugs == ()
    assert "the healthy animal" in assemble_report(alone).summary[0].text


def test_no_path_and_no_date_of_a_machine(report: Report) -> None:
    told = repr(report)
    assert "/work" not in told
    assert "/tmp" not in told
    assert "tests" not in told
