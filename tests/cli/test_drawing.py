"""What is drawn is what was asked for, or the question is refused."""

import re
import tempfile
from pathlib import Path

import pytest

from raphe.cli.main import run
from raphe.diagram.draw import draw_svg
from raphe.diagram.figure import Kind, Role, State
from raphe.diagram.geometry import Rect
from raphe.diagram.palette import Theme, palette
from raphe.drawing import Carried, draw_pathway
from raphe.knowledge import load_knowledge
from raphe.pictures import make_picture
from raphe.questions import predict
from raphe.settings import setting
from raphe.wish import Wish


@pytest.fixture
def ask(capsys):
    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


@pytest.fixture
def dots(ask, tmp_path):
    """DOT files that a command writes, by name."""

    def drawn(*arguments: str) -> dict[str, str]:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        status, _, err = ask(
            "draw", *arguments, "--format", "dot", "--draws", "100", "-o", str(folder)
        )
        assert status == 0, err
        return {path.name: path.read_text() for path in folder.iterdir()}

    return drawn


@pytest.fixture
def own(tmp_path):
    """A folder with a circuit, a figure, a drug and a condition of the user's own."""
    texts = {
        "circuits/loop.yaml": (
            "circuit: loop\ntitle: Loop\nplaces: {soma: {label: soma, cell: neuron}}\n"
            "readouts: [soma.firing]\nnodes:\n"
            "  soma.a2: {kind: receptor, target: ADRA2A, label: α₂, tone: moderate, reason: r}\n"
            "  soma.firing: {kind: firing, label: firing}\n"
            "  soma.far: {kind: process, label: far}\n"
            "edges:\n"
            "  - soma.firing -> soma.a2: {evidence: [{assumption: a test}]}\n"
            "  - soma.a2 -| soma.firing: {evidence: [{assumption: a test}]}\n"
            "  - soma.firing -> soma.far: {evidence: [{assumption: a test}]}\n"
        ),
        "figures/own_loop.yaml": (
            "figure: own_loop\ntitle: The loop\ncircuit: loop\n"
            "nodes: [soma.a2, soma.firing, soma.far]\ndrugs: [mirtazapine]\nregimen: chronic\n"
        ),
        "conditions/pushed.yaml": (
            "condition: pushed\ntitle: Pushed\nperturbs:\n"
            "  soma.firing: {direction: down, strength: strong, reason: r,"
            " evidence: [{assumption: a test}]}\n"
        ),
    }
    for name, text in texts.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "own"


@pytest.fixture(scope="module")
def usual():
    return setting(draws=100)


def test_the_option_overrides_what_the_figure_declares(dots):
    (declared,) = dots("mirtazapine_core_mechanism").values()
    (acute,) = dots("mirtazapine_core_mechanism", "--regimen", "acute").values()
    assert declared != acute
    assert "Mirtazapine, acute" in acute


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("beta_gs", "--around", "cortex.NE"),
            "'--around' cuts circuits, and beta_gs is a declared figure.",
        ),
        (
            ("microdialysis", "--path", "LC.firing", "cortex.NE"),
            "'--path' cuts circuits, and microdialysis is a workflow.",
        ),
        (("gs", "--drug", "nonsense"), "a cascade shows no prediction"),
        (("gs", "--drug", "nonsense"), "no drug 'nonsense'."),
        (("microdialysis", "--drug", "desipramine"), "a workflow shows no prediction"),
        (("microdialysis", "--regimen", "acute"), "a workflow shows no prediction"),
        (
            ("beta_gs", "--regimen", "acute"),
            "'--regimen' says how long a drug acts, and none is drawn on beta_gs.",
        ),
        (
            ("monoamine", "--around", "LC.firing", "--dose", "2x"),
            "'--dose' says how much of a drug is given, and none is drawn on monoamine.",
        ),
        (
            ("beta_gs", "--condition", "pcpa", "--without", "alpha2"),
            "'--without' spares a target of a drug, and none is drawn on beta_gs.",
        ),
        (
            ("monoamine", "--around", "LC.firing", "--path", "LC.firing", "cortex.NE"),
            "'--around' and '--path' are two ways to cut.",
        ),
        (("monoamine", "--hops", "3"), "'--hops' says how far '--around' reaches."),
        (("--all", "--drug", "desipramine"), "'--all' draws what is declared"),
        (("--all", "--around", "LC.firing"), "'--all' draws what is declared"),
        (("--all", "--regimen", "acute"), "'--all' draws what is declared"),
        (("beta_gs", "--circuit", "other"), "every picture names its own circuit."),
    ],
)
def test_an_option_that_does_nothing_is_refused(ask, tmp_path, arguments, said):
    status, _, err = ask("draw", *arguments, "--format", "dot", "-o", str(tmp_path / "here"))
    assert status == 2
    assert said in err
    assert not (tmp_path / "here").exists()


def test_options_that_do_nothing_are_named_all_at_once(ask, tmp_path):
    status, _, err = ask(
        *("draw", "beta_gs", "microdialysis", "beta_g", "--around", "cortex.NE"),
        *("--drug", "nonsense", "-o", str(tmp_path)),
    )
    assert status == 2
    for said in (
        "beta_gs is a declared figure",
        "microdialysis is a workflow",
        "a workflow shows no prediction",
        "no drug 'nonsense'",
        "nothing to draw under 'beta_g'",
    ):
        assert err.count(said) == 1, said


def test_node_and_regimen_are_both_named(ask, tmp_path):
    _, _, err = ask(
        *("draw", "monoamine", "--around", "LC.fring", "--drug", "desipramine"),
        *("--regimen", "cronic", "-o", str(tmp_path)),
    )
    assert "no node 'LC.fring'" in err
    assert "no regimen 'cronic'" in err


def test_predictions_are_of_the_circuit_that_is_drawn(dots, own):
    (cut,) = dots(
        "loop", "--drug", "mirtazapine", "--around", "soma.firing", "--knowledge", str(own)
    ).values()
    (view,) = dots("own_loop", "--knowledge", str(own)).values()
    assert "Mirtazapine, chronic: around soma.firing" in cut
    for text in (cut, view):
        assert "node-drug%20mirtazapine" in text


def test_a_report_draws_figures_of_its_own_circuit_only(own):
    from raphe.folder import report_pictures

    names = [
        one.name for one in report_pictures(predict("mirtazapine", within=setting(own, draws=100)))
    ]
    assert "mirtazapine_core_mechanism" in names
    assert "own_loop" not in names
    within = setting(own, circuit="loop", draws=100)
    names = [one.name for one in report_pictures(predict("mirtazapine", within=within))]
    assert "own_loop" in names
    assert "mirtazapine_core_mechanism" not in names


def test_a_report_draws_its_own_experiment(usual):
    from raphe.folder import report_pictures

    answer = predict("mirtazapine", without=("alpha2",), within=usual)
    figure = next(
        one.figure
        for one in report_pictures(answer)
        if one.name.startswith("mirtazapine_core_mechanism")
    )
    states = {node.id: node.state for node in figure.nodes}
    assert states["LC.alpha2A"] is not State.BLOCKED
    assert figure.title.startswith("Mirtazapine without ADRA2A")


@pytest.mark.parametrize("name", ["mirtazapine_core_mechanism", "beta_gs"])
def test_a_figure_with_another_drug_is_titled_by_it(usual, name):
    picture = make_picture(Wish(name, ("DMI",)), usual)
    assert picture.name == f"{name}_desipramine"
    assert picture.figure.title == "Desipramine, chronic"
    assert f"drawn on {name}" in picture.figure.subtitle


def test_files_are_named_by_the_drug_and_not_by_what_was_typed(dots):
    files = dots("monoamine", "--around", "LC.firing", "--hops", "1", "--drug", "DESIPRAMINE")
    assert list(files) == ["monoamine_desipramine_around_LC.firing.dot"]


def test_a_title_keeps_its_capitals(usual):
    spared = {"without": ("ADRA2A",)}
    wish = Wish("monoamine", ("mirtazapine",), around="LC.firing", hops=1, treatment=spared)
    assert make_picture(wish, usual).figure.title.startswith("Mirtazapine without ADRA2A, chronic")


def test_a_little_occupied_target_is_not_blocked(usual):
    from raphe.calling import BLOCKED

    def drawn(dose: str):
        wish = Wish("mirtazapine_core_mechanism", treatment={"dose": dose})
        figure = make_picture(wish, usual).figure
        node = next(one for one in figure.nodes if one.id == "LC.alpha2A")
        edges = [one for one in figure.edges if node.id in (one.source, one.target)]
        roles = {one.role for one in edges if one.role is not Role.DRUG}
        drugs = [one for one in edges if one.role is Role.DRUG]
        share = max(int(re.search(r"(\d+) % of", one.tooltip)[1]) for one in drugs) / 100
        return node, roles, drugs, share

    node, roles, drugs, share = drawn("20x")
    assert share >= BLOCKED
    assert node.state is State.BLOCKED
    assert roles == {Role.SILENCED}
    node, roles, drugs, share = drawn("0.4x")
    assert 0.2 <= share < BLOCKED
    assert node.state is not State.BLOCKED
    assert Role.SILENCED not in roles
    assert drugs


def test_texts_say_what_is_shown():
    knowledge = load_knowledge()
    view = knowledge.document("figures", "mirtazapine_core_mechanism").value
    assert "directed" not in view.subtitle
    steps = knowledge.document("workflows", "mrs_1h").value.phases[1].steps
    assert "isolates" in steps["sequence"].detail


def test_what_a_condition_sets_is_told_from_what_follows(own):
    within = setting(own, circuit="loop", draws=100)
    figure = make_picture(
        Wish("loop", around="soma.firing", treatment={"condition": "pushed"}), within
    ).figure
    nodes = {node.id: node for node in figure.nodes}
    assert nodes["soma.firing"].caption == "given by the condition"
    assert "given by the condition" in nodes["soma.firing"].tooltip
    assert nodes["soma.firing"].probability is None
    assert nodes["soma.far"].caption != "given by the condition"
    assert nodes["soma.far"].probability is not None
    # Where both groups have it, the drug alone makes the difference.
    figure = make_picture(
        Wish("loop", ("mirtazapine",), around="soma.firing", treatment={"condition": "pushed"}),
        within,
    ).figure
    assert not any(node.caption == "given by the condition" for node in figure.nodes)


def test_what_works_against_the_change_has_a_colour_of_its_own(usual):
    raises, lowers = ("LC.firing", "cortex.NE"), ("cortex.NE", "cortex.alpha1")
    prediction = predict("mirtazapine", within=usual).prediction
    nodes = {*raises, *lowers}
    carried = Carried({raises: 0.9, lowers: -0.3})
    figure = draw_pathway(
        prediction.model.network.pathway, nodes, "Why", prediction=prediction, carried=carried
    )
    roles = {(edge.source, edge.target): edge.role for edge in figure.edges}
    assert (roles[raises], roles[lowers]) == (Role.EXPLAINING, Role.OPPOSING)
    drawn = draw_svg(figure)
    colors = palette(Theme.LIGHT)
    assert colors.opposing != colors.explaining
    for color, share in ((colors.explaining, "90%"), (colors.opposing, "−30%")):
        assert re.search(f'fill="{color}"[^>]*>{share}<', drawn)
        assert f'stroke="{color}"' in drawn
    assert "works against it" in drawn


@pytest.mark.parametrize("condition", load_knowledge().names("conditions"))
def test_no_marked_path_passes_an_ambiguous_node(usual, condition):
    from raphe.pictures import picture_of_reasons

    figure = picture_of_reasons(predict(condition=condition, within=usual).prediction).figure
    title = load_knowledge().condition(condition).title
    assert figure.title == f"{title}: what carries the prediction"
    states = {node.id: node.state for node in figure.nodes}
    for edge in figure.edges:
        if edge.role is Role.EXPLAINING:
            assert State.AMBIGUOUS not in (states[edge.source], states[edge.target])


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        (("mirtazapine",), "mirtazapine"),
        (("mirtazapine", "--regimen", "acute"), "mirtazapine_acute"),
        (("MIRTAZAPINE", "--dose", "2x"), "mirtazapine_dose_2x"),
        (("mirtazapine", "--dose", "60 nM"), "mirtazapine_dose_60_nM"),
        (("mirtazapine", "--condition", "pcpa"), "mirtazapine_under_pcpa"),
        (("--condition", "pcpa"), "pcpa"),
        (("mirtazapine", "--without", "alpha2"), "mirtazapine_without_alpha2"),
        (("mirtazapine", "--compared-with", "desipramine"), "mirtazapine_against_desipramine"),
        (("mirtazapine", "--prior", "uniform"), "mirtazapine_prior_uniform"),
        (
            ("mirtazapine", "desipramine", "--dose", "desipramine=2x"),
            "mirtazapine_desipramine_dose_desipramine_2x",
        ),
    ],
)
def test_reports_of_other_experiments_go_to_other_folders(
    ask, tmp_path, monkeypatch, arguments, folder
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("raphe.cli.report.report_files", lambda _: {"report.md": ""})
    assert ask("report", *arguments, "--draws", "50", "-q")[0] == 0
    assert [path.name for path in (tmp_path / "output").iterdir()] == [folder]


def test_a_report_of_another_circuit_goes_to_another_folder(ask, tmp_path, monkeypatch, own):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("raphe.cli.report.report_files", lambda _: {"report.md": ""})
    arguments = ("mirtazapine", "--circuit", "loop", "--knowledge", str(own), "--draws", "50")
    assert ask("report", *arguments, "-q")[0] == 0
    assert (tmp_path / "output" / "mirtazapine_circuit_loop" / "report.md").exists()


def test_python_draws_what_the_command_draws(dots, tmp_path, usual):
    from raphe.pictures import draw

    drawing = draw("beta_gs", "desipramine", regimen="acute", within=usual)
    (text,) = dots("beta_gs", "--drug", "desipramine", "--regimen", "acute").values()
    assert drawing.dot == text
    assert drawing.name == "beta_gs_desipramine_acute"
    assert drawing._repr_svg_() == drawing.svg
    assert drawing.svg.startswith(("<svg", "<?xml"))
    saved = drawing.save(tmp_path / "saved")
    assert sorted(path.suffix for path in saved) == [".dot", ".png", ".svg"]
    dark = draw("monoamine", around="LC.firing", hops=1, theme="dark", within=usual)
    assert dark.name == "monoamine_around_LC.firing_dark"


def test_python_is_told_of_slips_too(usual):
    from raphe.errors import InputError
    from raphe.pictures import draw

    with pytest.raises(InputError, match=r"(?s)no theme 'drak'.*is a declared figure"):
        draw("beta_gs", around="cortex.NE", theme="drak", within=usual)


FIGURES = load_knowledge().names("figures")
CELLS = (
    "noradrenergic_neuron",
    "serotonergic_neuron",
    "dopaminergic_neuron",
    "pyramidal_cell",
    "gaba_interneuron",
    "medium_spiny_neuron",
    "arousal_neurons",
)
REGIONS = (
    "whole_circuit",
    "region_brainstem",
    "region_midbrain",
    "region_prefrontal_cortex",
    "region_hippocampus",
    "region_striatum",
    "region_limbic",
)


def test_each_neuron_type_and_region_has_a_figure():
    assert {*CELLS, *REGIONS} <= set(FIGURES)


@pytest.fixture(scope="module")
def placed(usual):
    """A declared figure with its copies of drugs, and where everything stands in it."""
    from functools import cache

    from raphe.diagram.clones import clone_drugs
    from raphe.diagram.dot import to_dot
    from raphe.diagram.draw import choose_layout
    from raphe.diagram.engine import Placement, render_svg
    from raphe.diagram.geometry import read_drawing
    from raphe.diagram.grounds import widen_grounds
    from raphe.diagram.pairs import part_pairs
    from raphe.diagram.svg import read_svg

    @cache
    def found(name: str):
        figure = make_picture(Wish(name), usual).figure
        layout = choose_layout(figure)
        shown = clone_drugs(figure, layout.is_shared)
        how = Placement.ROUTED if figure.rows else Placement.RANKS
        root = read_svg(render_svg(to_dot(figure, layout=layout), placement=how))
        if figure.rows:
            part_pairs(shown, root)
        return shown, widen_grounds(shown, read_drawing(root))

    return found


@pytest.mark.parametrize("name", FIGURES)
def test_declared_figures_can_be_read_on_a_screen(usual, name):
    from raphe.diagram.draw import draw_svg

    figure = make_picture(Wish(name), usual).figure
    assert sum(node.kind is not Kind.DRUG for node in figure.nodes) <= 26
    assert figure.edges
    width = re.search(r'<svg[^>]* width="([\d.]+)pt"', draw_svg(figure))[1]
    assert float(width) * 96 / 72 <= 1400


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_stands_where_it_does_not_belong(placed, name):
    from itertools import combinations

    from raphe.diagram.grounds import cluster_id
    from raphe.diagram.text import key

    figure, drawing = placed(name)
    parents = {cluster.id: cluster.parent for cluster in figure.clusters}
    places = drawing.clusters
    assert len(places) == len(figure.clusters)

    def around(cluster: str) -> set[str]:
        return {cluster, *around(parents[cluster])} if cluster else set()

    for node in figure.nodes:
        for cluster in figure.clusters:
            inside = places[cluster_id(cluster)].meets(drawing.nodes[f"node-{key(node.id)}"])
            assert inside == (cluster.id in around(node.cluster)), (node.id, cluster.id)
    for one, two in combinations(figure.clusters, 2):
        if one.id not in around(two.id) and two.id not in around(one.id):
            assert not places[cluster_id(one)].meets(places[cluster_id(two)]), (one.id, two.id)


@pytest.mark.parametrize("name", FIGURES)
def test_no_edge_runs_through_a_node(placed, name):
    from itertools import pairwise

    from raphe.diagram.labels import edge_id
    from raphe.diagram.text import key

    figure, drawing = placed(name)
    for edge in figure.edges:
        course = drawing.edges[edge_id(edge, figure)]
        for node in figure.nodes:
            box = drawing.nodes[f"node-{key(node.id)}"]
            # Ellipses leave the corners of their box free.
            across, down = box.width / 6, box.height / 6
            core = Rect(box.left + across, box.top + down, box.right - across, box.bottom - down)
            if node.id not in (edge.source, edge.target):
                assert not any(core.cut_by(*piece) for piece in pairwise(course)), (
                    edge.source,
                    edge.target,
                    node.id,
                )
