"""Laws that the shipped circuit obeys whatever its strengths are: no score can stand in for them.

They are what pharmacology knows beforehand: a drug does nothing where its target is gone, a silent
receptor cannot fall, an adaptation takes back and never overtakes; and the knowledge of what papers
report is held against the circuit and is no part of it.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from types import MappingProxyType

import networkx as nx
import numpy as np
import pytest

from raphe.calling import Call
from raphe.composition import compose
from raphe.consistency.robustness import moved_weights
from raphe.consistency.score import classes_of
from raphe.consistency.variants import redrawn
from raphe.drug import Drug
from raphe.drug_class import DRUG_CLASSES
from raphe.finding import Regimen
from raphe.flat_pathway import FlatPathway
from raphe.grades import UNIT
from raphe.knowledge import Knowledge, library_folder, load_knowledge
from raphe.model import Model
from raphe.network import Network, compile_network
from raphe.perturbation import Perturbation
from raphe.prediction import Prediction, predict_treatment
from raphe.prior import draw_ensemble
from raphe.propagation.arrays import Floats
from raphe.propagation.response import respond
from raphe.settings import Setting
from raphe.treatment import Treatment, administer
from raphe.units import Interval

DRAWS = 200
LIBRARY = load_knowledge()
WITHIN = Setting(LIBRARY, draws=DRAWS)
REGIMENS = list(Regimen)


def of_class(word: str) -> list[str]:
    """Drugs whose class begins with a word: all SSRI, all NRI."""
    drugs = map(LIBRARY.drug, LIBRARY.names("drugs"))
    return [drug.name for drug in drugs if re.match(rf"{word}\b", drug.class_)]


def treatment(*drugs: str, condition: str = "", at: str = "") -> Treatment:
    """Drugs at their usual exposure, in the animals of a condition; acting at one target only."""
    given = tuple(administer(LIBRARY.drug(name)) for name in drugs)
    ill = LIBRARY.condition(condition) if condition else None
    others = {
        symbol
        for one in given
        for target in one.drug.targets
        for symbol in LIBRARY.targets.symbols(target)
        if at and symbol != at
    }
    return Treatment(given, ill, tuple(sorted(others)))


def predicted(one: Treatment, regimen: Regimen, other: Treatment | None = None) -> Prediction:
    return predict_treatment(WITHIN.model, one, regimen, other, fragility=False)


def share_of_range(prediction: Prediction) -> dict[str, float]:
    """The median change of each node, as a share of its dynamic range."""
    ranges = WITHIN.model.ranges
    medians = np.abs(np.median(prediction.change, axis=1))
    return dict(zip(WITHIN.model.network.names, medians / np.maximum(ranges, 1e-12), strict=True))


# ---- a drug does nothing where its target is gone --------------------------------------------

#: Class of drug, its transporter, the cells that have it gone, and what it raises in sham animals.
LESIONS = (
    ("SSRI", "SLC6A4", "lesion_5_7_dht", "cortex.5-HT"),
    ("NRI", "SLC6A2", "lesion_dsp4", "cortex.NE"),
    ("NRI", "SLC6A2", "lesion_noradrenergic", "cortex.NE"),
    ("DAT inhibitor", "SLC6A3", "lesion_6_ohda", "striatum.DA"),
)
LESIONED = [
    (drug, at, lesion, raised)
    for class_, at, lesion, raised in LESIONS
    for drug in of_class(class_)
]


def test_every_class_has_drugs_to_try():
    assert {class_ for class_, *_ in LESIONS if not of_class(class_)} == set()
    assert len(of_class("SSRI")) >= 6


@pytest.mark.parametrize(("drug", "at", "lesion", "raised"), LESIONED)
def test_an_uptake_inhibitor_does_nothing_where_the_terminals_are_gone(drug, at, lesion, raised):
    """A lesion takes the transporters along: not less than in sham animals, but nothing at all."""
    assert predicted(treatment(drug, at=at), Regimen.CHRONIC)[raised].call is Call.UP
    for regimen in REGIMENS:
        found = predicted(treatment(drug, condition=lesion, at=at), regimen)
        assert not found.change.any(), regimen


@pytest.mark.parametrize("drug", of_class("SSRI"))
def test_an_ssri_with_all_that_it_binds_leaves_5_ht_alone_where_its_neurons_are_gone(drug):
    serotonin = [
        name for name in WITHIN.model.network.names if re.search(r"\.5-HT(\.store)?$", name)
    ]
    assert "cortex.5-HT" in serotonin
    for regimen in REGIMENS:
        found = predicted(treatment(drug, condition="lesion_5_7_dht"), regimen)
        assert {name: found[name].call for name in serotonin} == dict.fromkeys(
            serotonin, Call.UNCHANGED
        )


@pytest.mark.parametrize("drug", of_class("SSRI"))
def test_an_ssri_does_nothing_where_all_5_ht_is_depleted_but_hold_its_transporter(drug):
    """Without 5-HT there is nothing to take up: what is held is held, and nobody notices."""
    pcpa = LIBRARY.condition("pcpa")
    whole = pcpa.model_copy(update={"depletes": dict.fromkeys(pcpa.depletes, Interval(1.0, 1.0))})
    given = replace(treatment(drug, at="SLC6A4"), condition=whole)
    for regimen in REGIMENS:
        found = predicted(given, regimen)
        moved = {
            name
            for name, change in zip(WITHIN.model.network.names, found.change, strict=True)
            if change.any() and ".SERT" not in name
        }
        assert moved == set(), regimen
    assert predicted(given, Regimen.ACUTE)["cortex.5-HT_terminal.SERT"].call is Call.DOWN


@pytest.mark.parametrize("drug", of_class("SSRI"))
def test_an_ssri_does_next_to_nothing_after_pcpa(drug):
    """A twentieth to a fifth of the 5-HT is left: it rises, stays low, and moves nothing by more
    than a tenth of its range.
    """
    given = treatment(drug, condition="pcpa", at="SLC6A4")
    pools = [name for name in WITHIN.model.network.names if name.endswith(".5-HT")]
    for regimen in REGIMENS:
        shares = share_of_range(predicted(given, regimen))
        followers = {name: share for name, share in shares.items() if ".SERT" not in name}
        moved = {name for name, share in followers.items() if share > 0.1} - set(pools)
        assert moved == set(), regimen
        against_sham = predicted(given, regimen, Treatment())
        assert {against_sham[pool].call for pool in pools} == {Call.DOWN}, regimen


# ---- a silent receptor cannot fall -----------------------------------------------------------

#: Alone the antagonist leaves the readout; with a drug that lowers it, it takes that back.
SILENT = (
    ("mdl-100907", "LC.firing", "escitalopram", Regimen.CHRONIC),
    ("way-100635", "cortex.5-HT", "8-oh-dpat", Regimen.ACUTE),
)


@pytest.mark.parametrize(("antagonist", "readout", "inducer", "regimen"), SILENT)
def test_a_block_of_a_quiet_receptor_does_nothing_alone_and_undoes_what_another_drug_brings_about(
    antagonist, readout, inducer, regimen
):
    assert predicted(treatment(antagonist), Regimen.ACUTE)[readout].call is Call.UNCHANGED
    induced = predicted(treatment(inducer), regimen)
    assert induced[readout].call is Call.DOWN
    both = predicted(treatment(inducer, antagonist), regimen, treatment(inducer))
    number = WITHIN.model.network.index[readout]
    lost, regained = (np.median(found.change[number]) for found in (induced, both))
    assert regained >= -lost / 4
    assert (both.change[number] > 0).mean() >= 2 / 3


def test_an_antagonist_of_5_ht1a_leaves_cortical_5_ht_alone_and_lifts_what_held_an_ssri_back():
    alone = predicted(treatment("way-100635"), Regimen.ACUTE)
    assert alone["cortex.5-HT"].call is Call.UNCHANGED
    both = predicted(treatment("citalopram", "way-100635"), Regimen.ACUTE, treatment("citalopram"))
    assert (both["cortex.5-HT"].call, both["DRN.firing"].call) == (Call.UP, Call.UP)


def test_a_receptor_falls_by_no_more_than_its_tone():
    network, ensemble = WITHIN.model.network, WITHIN.model.ensemble
    receptors = [
        number
        for number, node in enumerate(network.pathway.nodes.values())
        if node.declared.kind == "receptor"
    ]
    symbols = sorted({symbol for number in receptors for symbol in network.symbols[number]})
    assert len(symbols) > 20
    for symbol in symbols:
        blocker = _tool(symbol)
        for regimen in (Regimen.ACUTE, Regimen.CHRONIC):
            response, _ = WITHIN.model.respond(Treatment((administer(blocker),)), regimen)
            fallen = -response.x[receptors][:, response.settled]
            tones = ensemble.tones[receptors][:, response.settled]
            assert (fallen <= tones + 1e-9).all(), (symbol, regimen)


def _tool(symbol: str) -> Drug:
    """An antagonist that occupies one target nearly wholly and binds nothing else."""
    return Drug.model_validate(
        {
            "drug": "tool",
            "title": "Tool",
            "targets": {symbol: {"action": "antagonist", "occupancy": "0.99"}},
            "exposure": {"usual": {"free": "1 nM"}},
        }
    )


# ---- an adaptation takes back and never overtakes --------------------------------------------


def motifs(network: Network) -> list[tuple[int, ...]]:
    """Slow edges with a fast edge back whose loop is negative, and slow self-loops that are.

    Each as the numbers of its edges, the slow one first.
    """
    found = []
    for slow in np.flatnonzero(network.slow):
        source, target, sign = network.source[slow], network.target[slow], network.sign[slow]
        if source == target and sign < 0:
            found.append((int(slow),))
        for back in np.flatnonzero(~network.slow & (network.source == target)):
            if network.target[back] == source != target and sign * network.sign[back] < 0:
                found.append((int(slow), int(back)))
    return found


MOTIFS = [
    tuple(WITHIN.model.network.edge_names[edge] for edge in motif)
    for motif in motifs(WITHIN.model.network)
]


def test_there_are_adaptations_to_look_at():
    assert len(MOTIFS) > 20


@pytest.mark.parametrize("push", [-1.0, -0.005, 0.005, 1.0])
@pytest.mark.parametrize("names", MOTIFS, ids=lambda names: names[0].replace(" ", ""))
def test_an_adaptation_takes_back_its_share_and_never_reverses(names, push):
    """κ = w / (1 + w), w the weight of the loop: of a change it leaves 1 / (1 + w)."""
    motif = _by_itself(WITHIN.model.network.pathway, names)
    network = compile_network(motif, LIBRARY.targets)
    ensemble = draw_ensemble(network, WITHIN.prior, DRAWS, WITHIN.seed)
    (start,) = (network.index[edge.source] for edge in motif.edges if edge.declared.slow)
    inputs = np.zeros((network.size, ensemble.size))
    inputs[start] = push
    vehicle = Perturbation(np.ones_like(inputs), np.zeros_like(inputs))
    pushed = replace(vehicle, inputs=inputs)
    acute, chronic = (
        respond(network, ensemble, pushed, vehicle, regimen).x
        for regimen in (Regimen.ACUTE, Regimen.CHRONIC)
    )
    # A silent receptor cannot fall at all.
    moved = acute[start] != 0
    assert moved.all() or (push < 0 and not ensemble.tones[start].all())
    assert (np.sign(chronic[start]) == np.sign(acute[start])).all(), "the adaptation overtakes"
    assert (np.abs(chronic[start]) <= np.abs(acute[start]) + 1e-12).all()
    if abs(push) < 1:
        loop = np.abs(np.prod(ensemble.weights, axis=0))
        left = chronic[start][moved] / acute[start][moved]
        assert left == pytest.approx(1 / (1 + loop[moved]))


def _by_itself(pathway: FlatPathway, names: tuple[str, ...]) -> FlatPathway:
    """Some edges and their ends alone; draws go by name, so that they stay what they are."""
    edges = tuple(edge for edge in pathway.edges if str(edge) in names)
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = {name: node for name, node in pathway.nodes.items() if name in ends}
    return FlatPathway("motif", "Motif", MappingProxyType(nodes), edges)


# ---- units, wholes, and forms of an enzyme that stand in for each other --------------------------


def test_units_are_free_to_choose():
    """A node that no drug binds may be measured in any unit, and each unit can be chosen once: so
    the edges that say «one» close no ring, all that drugs bind counting as one node. Sums of what
    is measured alike, as capacities of an enzyme, are definitions apart from that.
    """
    network = WITHIN.model.network
    units = np.array([edge.declared.strength == UNIT for edge in network.pathway.edges])
    assert units.sum() > 60
    graph = nx.MultiGraph()
    for source, target in zip(network.source[units], network.target[units], strict=True):
        heard = network.target == target
        if heard.sum() > 1 and units[heard].all():
            continue
        graph.add_edge(*(-1 if network.symbols[end] else int(end) for end in (source, target)))
    assert nx.is_forest(graph)


def test_another_unit_changes_no_answer():
    """Ten times the weight of what a node hears, a tenth of what is heard of it."""
    network, ensemble = WITHIN.model.network, WITHIN.model.ensemble
    node = network.index["cortex.Gq"]
    into, out = network.target == node, network.source == node
    weights = ensemble.weights.copy()
    weights[into] *= 10
    weights[out] /= 10
    given = treatment("prazosin")
    before, _ = WITHIN.model.respond(given, Regimen.ACUTE)
    after, _ = redrawn(WITHIN.model, np.arange(ensemble.size), weights).respond(
        given, Regimen.ACUTE
    )
    for name in ("cortex.PKC", "cortex.Ca", "cortex.pCREB"):
        number = network.index[name]
        assert before.x[number].any()
        # Activities are bounded, and bounds do not grow with the unit: where none is met.
        free = np.abs(before.x[node]) < 0.04
        assert after.x[number][free] == pytest.approx(before.x[number][free])


def test_what_is_necessary_brings_no_more_than_all_of_it():
    network, ensemble = WITHIN.model.network, WITHIN.model.ensemble
    assert network.necessary.any()
    assert (np.abs(ensemble.weights[network.necessary]) <= 1).all()
    draws = np.arange(60)
    moved = moved_weights(WITHIN.model, draws, 20)
    assert (np.abs(moved[network.necessary]) <= 1).all()
    assert (np.abs(moved[~network.necessary]) > 2).any()


def test_either_form_of_monoamine_oxidase_stands_in_for_the_other():
    """One form lost is missed in part, or not at all; both lost, more than the two in a sum."""
    network = WITHIN.model.network
    lost = {
        name: WITHIN.model.respond(
            Treatment(tuple(administer(_tool(symbol)) for symbol in symbols)), Regimen.ACUTE
        )[0].x[network.index["brain.MAO"]]
        for name, symbols in {"A": ["MAOA"], "B": ["MAOB"], "both": ["MAOA", "MAOB"]}.items()
    }
    assert not lost["B"].any()
    assert (lost["A"] < 0).all()
    assert (lost["both"] < lost["A"] + lost["B"]).all()
    selegiline = predicted(treatment("selegiline"), Regimen.ACUTE)
    for readout in ("cortex.5-HT", "cortex.NE", "striatum.DA"):
        assert selegiline[readout].call is Call.UNCHANGED
    clorgyline = predicted(treatment("clorgyline"), Regimen.ACUTE)
    assert (clorgyline["cortex.NE"].call, clorgyline["striatum.DA"].call) == (Call.UP, Call.UP)


def test_every_drug_has_classes_of_the_vocabulary():
    found = {one for name in LIBRARY.names("drugs") for one in classes_of(name, LIBRARY)}
    assert found <= set(DRUG_CLASSES)
    assert set(DRUG_CLASSES) == found, "a class without a drug"


# ---- findings are held against the circuit and are no part of it -----------------------------


def test_removing_findings_changes_no_circuit(tmp_path):
    """Not one file of findings is read for a prediction; so none of them can matter, nor any row.

    By construction: what is compiled and drawn comes from circuits, cascades and targets, what is
    done to it from drugs and conditions. And tried: a library without any findings answers alike.
    """
    with_all = load_knowledge()
    model = Setting(with_all, draws=50).model
    answers = _all_answers(model, with_all)
    read = {path.parent.name for path in with_all._read}
    assert read == {"circuits", "cascades", "drugs", "conditions", library_folder().name}
    bare = tmp_path / "pathways"
    shutil.copytree(library_folder(), bare, ignore=shutil.ignore_patterns("findings"))
    without = Knowledge((bare,))
    assert without.findings == {}
    assert len(with_all.findings) > 50
    other = Setting(without, draws=50).model
    for field in ("names", "edge_names", "strengths", "tones", "symbols"):
        assert getattr(other.network, field) == getattr(model.network, field), field
    for field in (
        "source",
        "target",
        "sign",
        "slow",
        "necessary",
        "is_level",
        "reserve",
        "is_occupied",
    ):
        assert (getattr(other.network, field) == getattr(model.network, field)).all(), field
    assert (other.ensemble.weights == model.ensemble.weights).all()
    assert (other.ensemble.tones == model.ensemble.tones).all()
    assert (other.ranges == model.ranges).all()
    for one, another in zip(answers, _all_answers(other, without), strict=True):
        assert (one == another).all()


def _all_answers(model: Model, knowledge: Knowledge) -> list[Floats]:
    given = Treatment(
        (administer(knowledge.drug("mirtazapine")),), knowledge.condition("chronic_mild_stress")
    )
    return [model.respond(given, regimen)[0].x for regimen in Regimen]


def test_nothing_of_the_circuit_names_a_finding():
    """Not an edge, a node, a reason, a piece of evidence, nor a comment in the file."""
    ids = [*LIBRARY.findings, *(path.stem for path in (library_folder() / "findings").iterdir())]
    ids = [one for one in ids if "-" in one and not one.startswith("5-HT")]
    for kind in ("circuits", "cascades"):
        for path in sorted((library_folder() / kind).glob("*.yaml")):
            text = path.read_text("utf-8")
            named = [one for one in ids if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text)]
            assert named == [], path.name


def test_no_reference_is_a_finding():
    assert set(LIBRARY.references).isdisjoint(LIBRARY.findings)


@pytest.mark.parametrize("key", sorted(LIBRARY.references))
def test_a_title_is_the_papers_or_stands_in_brackets_with_a_note(key):
    filed = LIBRARY.references[key]
    assert not re.search(r"title (not|from|cut)|not (shown|seen|recorded)|PMC\d", filed.title)
    if filed.title.startswith("(") and filed.title.endswith(")"):
        assert "title" in filed.note.lower()
    if filed.title.endswith("(…)"):
        assert "end of the title" in filed.note.lower()


def test_no_edge_or_node_names_a_drug_by_any_of_its_names():
    """It knows them by their targets alone; reasons and evidence may tell of them."""
    words = {
        word.casefold(): name
        for name in LIBRARY.names("drugs")
        for word in (name, LIBRARY.drug(name).title, *LIBRARY.drug(name).synonyms)
    }
    pathway = compose(LIBRARY.circuit(), LIBRARY.cascade)
    said: list[str] = [*pathway.nodes, *pathway.places, *map(str, pathway.edges)]
    for node in pathway.nodes.values():
        said += [node.label, node.declared.caption, *node.declared.target, *node.declared.xrefs]
    said += [edge.declared.mechanism for edge in pathway.edges]
    said += [text for place in pathway.places.values() for text in (place.label, place.cell)]
    for text in dict.fromkeys(said):
        folded = text.casefold()
        named = [
            name
            for word, name in words.items()
            if re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", folded)
        ]
        assert named == [], text
