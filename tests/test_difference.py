"""What changed between two versions, and what did it: against files edited by hand."""

import json
import shutil
import subprocess
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import raphe.attribution
from raphe.attribution import Draws
from raphe.calling import Call
from raphe.cli.main import run
from raphe.comparison import compare_revisions
from raphe.consistency.verdicts import Verdict
from raphe.difference import find_differences, load_version, swapped
from raphe.errors import UnavailableError
from raphe.finding import Regimen
from raphe.knowledge import Knowledge
from raphe.model import load_model
from raphe.network import compile_network
from raphe.prediction import predict_treatment
from raphe.report.diff_json import DiffAnswer, diff_json
from raphe.report.diff_words import attribution
from raphe.revision import Revision, open_revision
from raphe.treatment import Treatment, administer

DRAWS = Draws(draws=60)

#: What may differ: the words of either version.
SLOTS = {
    "strength": ("strong", "weak"),
    "arrow": ("->", "-|"),
    "tone": ("full", "silent"),
    "ki": ("1 nM", "1000 nM"),
    "members": ("[ADRB1]", "[ADRB2]"),
    "free": ("10 nM", "0.03 nM"),
    "extra": ("", "  - LC.firing -| cortex.beta: {strength: dominant}\n"),
}


def write(folder, words, findings="  {}"):
    """A whole knowledge folder in a few lines."""
    files = {
        "circuits/monoamine.yaml": f"""circuit: monoamine
title: Few nodes
places: {{LC: {{label: locus}}, cortex: {{label: cortex}}}}
readouts: [LC.firing, cortex.NE, cortex.beta]
nodes:
  LC.firing: {{kind: firing}}
  LC.alpha2: {{kind: receptor, target: ADRA2A, tone: {words["tone"]}}}
  cortex.NE: {{kind: transmitter}}
  cortex.NET: {{kind: transporter, target: SLC6A2}}
  cortex.beta: {{kind: receptor, target: ADRB1, tone: moderate}}
edges:
  - LC.alpha2 -| LC.firing: {{strength: strong}}
  - LC.firing {words["arrow"]} cortex.NE: {{strength: strong}}
  - cortex.NET -| cortex.NE: {{strength: {words["strength"]}}}
  - cortex.NE -> cortex.beta: {{strength: moderate}}
{words["extra"]}""",
        "drugs/agent.yaml": f"""drug: agent
title: Agent
targets:
  ADRA2A: {{action: antagonist, Ki: {words["ki"]}}}
  beta: {{action: antagonist, Ki: 2 nM}}
exposure: {{therapeutic: {{free: {words["free"]}}}}}
""",
        "drugs/blocker.yaml": """drug: blocker
title: Blocker
targets: {SLC6A2: {action: inhibitor, Ki: 1 nM}}
exposure: {therapeutic: {free: 30 nM}}
""",
        "targets.yaml": f"""targets:
  ADRA2A: {{name: a}}
  ADRB1: {{name: b}}
  ADRB2: {{name: c}}
  SLC6A2: {{name: d}}
families: {{beta: {{members: {words["members"]}}}}}
""",
        "findings/some.yaml": f"findings:\n{findings}\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Revision(str(folder), Knowledge((folder,)))


def words(later=()):
    """Words of the earlier version, but of some slots those of the later one."""
    return {slot: sides[slot in later] for slot, sides in SLOTS.items()}


def called(revision, drug, regimen):
    """Calls by the plain way: load, draw, predict."""
    model = load_model(revision.knowledge, draws=DRAWS.draws)
    treatment = Treatment((administer(revision.knowledge.drug(drug)),))
    made = predict_treatment(model, treatment, regimen, fragility=False)
    return {name: made.reading(name).call for name in made.readouts}


def compare(one, other, **options):
    return compare_revisions(one, other, "monoamine", draws=DRAWS, **options)


#: The difference that each slot makes.
KINDS = {
    "strength": ("edge", "cortex.NET -| cortex.NE"),
    "arrow": ("edge", "LC.firing -| cortex.NE"),
    "tone": ("node", "LC.alpha2"),
    "ki": ("drug row", "agent at ADRA2A"),
    "members": ("target", "beta"),
    "free": ("exposure", "agent"),
    "extra": ("edge", "LC.firing -| cortex.beta"),
}


@given(st.sets(st.sampled_from(sorted(SLOTS)), min_size=1), st.sampled_from(list(Regimen)))
@settings(max_examples=15, deadline=None)
def test_each_swap_is_a_file_edited_by_hand(tmp_path_factory, slots, regimen):
    folder = tmp_path_factory.mktemp("versions")
    one, other = write(folder / "a", words()), write(folder / "b", words(slots))
    made = compare(one, other, regimens=[regimen])
    kinds = {(swap.differences[0].kind, swap.differences[0].what): swap for swap in made.swaps}
    assert set(kinds) == {KINDS[slot] for slot in slots}
    drugs = ("agent", "blocker")
    sides = {name: [called(each, name, regimen) for each in (one, other)] for name in drugs}
    changed = {
        (name, readout)
        for name, (own, its) in sides.items()
        for readout in own
        if own[readout] is not its[readout]
    }
    assert {(call.drug, call.readout) for call in made.calls} == changed
    for slot in slots:
        into = write(folder / f"{slot}+", words({slot}))
        out = write(folder / f"{slot}-", words(slots - {slot}))
        calls = {name: [called(each, name, regimen) for each in (into, out)] for name in drugs}
        for call in made.calls:
            brought, left = (side[call.readout] for side in calls[call.drug])
            # Another drug's rows are never swapped for a drug, and change nothing of it.
            assert (kinds[KINDS[slot]] in call.alone) == (brought is call.after)
            assert (kinds[KINDS[slot]] in call.needed) == (left is not call.after)


@given(st.sets(st.sampled_from(sorted(SLOTS))))
@settings(max_examples=30, deadline=None)
def test_all_swaps_together_make_the_other_version(tmp_path_factory, slots):
    folder = tmp_path_factory.mktemp("versions")
    revisions = write(folder / "a", words()), write(folder / "b", words(slots))
    one, other = (load_version(each.knowledge, "monoamine") for each in revisions)
    differences = find_differences(one, other)
    assert len(differences) == len(slots)
    there = swapped(one, other, differences)
    assert find_differences(there, other) == ()
    assert find_differences(swapped(there, one, differences), one) == ()
    assert list(there.edges) == list(other.edges)
    assert there.targets.families == other.targets.families


def test_words_alone_are_no_difference(tmp_path):
    one, other = write(tmp_path / "a", words()), write(tmp_path / "b", words())
    path = tmp_path / "b" / "circuits" / "monoamine.yaml"
    text = path.read_text("utf-8").replace("{strength: strong}", "{strength: strong, reason: x}", 1)
    path.write_text(text, "utf-8")
    made = compare(one, other)
    assert made.differences == ()
    assert made.calls == ()
    assert made.swaps == ()


def changed_call(made, drug, readout):
    return next(one for one in made.calls if (one.drug, one.readout) == (drug, readout))


def test_what_did_it_is_said(tmp_path):
    one, other = write(tmp_path / "a", words()), write(tmp_path / "b", words({"arrow", "strength"}))
    made = compare(one, other, regimens=[Regimen.ACUTE])
    call = changed_call(made, "agent", "cortex.NE")
    assert (call.before, call.after) == (Call.UP, Call.DOWN)
    assert [swap.differences[0].what for swap in call.did] == ["LC.firing -| cortex.NE"]
    said = attribution(call, len(made.swaps), str)
    assert said.startswith("edge LC.firing -| cortex.NE: -> strong → -| strong [monoamine] did it")


def test_two_that_are_enough_alone(tmp_path):
    one, other = write(tmp_path / "a", words()), write(tmp_path / "b", words({"ki", "free"}))
    made = compare(one, other, regimens=[Regimen.ACUTE])
    call = changed_call(made, "agent", "LC.firing")
    assert (call.before, call.after) == (Call.UP, Call.UNCHANGED)
    assert len(call.alone) == 2
    assert call.needed == ()
    assert "Each alone is enough, so none is needed" in attribution(call, 2, str)


PATH_OF_TWO = """  - LC.firing -> cortex.X: {strength: strong}
  - cortex.X -| cortex.beta: {strength: dominant}
"""


def test_two_that_do_it_only_together(tmp_path):
    """A new path of two edges over a node that was there, and led nowhere."""
    nodes = "  cortex.X: {kind: transmitter}\n"
    one, other = (
        write(tmp_path / name, words() | {"extra": extra})
        for name, extra in (("a", ""), ("b", PATH_OF_TWO))
    )
    for name in "ab":
        path = tmp_path / name / "circuits" / "monoamine.yaml"
        text = path.read_text("utf-8").replace("edges:\n", f"{nodes}edges:\n")
        path.write_text(text, "utf-8")
    for folder in (one, other):
        path = folder.knowledge.folders[0] / "drugs" / "agent.yaml"
        path.write_text(path.read_text("utf-8").replace("  beta:", "  SLC6A2:"), "utf-8")
    made = compare(one, other, regimens=[Regimen.ACUTE])
    call = changed_call(made, "agent", "cortex.beta")
    assert (call.before, call.after) == (Call.UP, Call.DOWN)
    assert call.alone == ()
    assert {swap.differences[0].what for swap in call.needed} == {
        "LC.firing -> cortex.X",
        "cortex.X -| cortex.beta",
    }
    assert call.suffices
    assert attribution(call, 2, str).startswith("Only together: ")


def test_a_new_node_comes_with_its_edges(tmp_path):
    one = write(tmp_path / "a", words())
    other = write(tmp_path / "b", words() | {"extra": PATH_OF_TWO})
    path = tmp_path / "b" / "circuits" / "monoamine.yaml"
    text = path.read_text("utf-8").replace("edges:\n", "  cortex.X: {kind: transmitter}\nedges:\n")
    path.write_text(text, "utf-8")
    made = compare(one, other, regimens=[Regimen.ACUTE])
    listed = {listing.kind: listing for listing in made.listings}
    assert listed["nodes"].added == ("cortex.X",)
    assert listed["edges"].added == ("LC.firing -> cortex.X", "cortex.X -| cortex.beta")
    assert len(made.swaps) == 2
    versions = [load_version(each.knowledge, "monoamine") for each in (one, other)]
    for difference in made.differences:
        there = swapped(*versions, [difference])
        assert "cortex.X" in compile_network(there.flat, there.targets).index


def test_too_many_are_swapped_by_pathway_and_drug(tmp_path, monkeypatch):
    monkeypatch.setattr(raphe.attribution, "MOST_SWAPS", 2)
    slots = {"arrow", "strength", "tone", "ki", "free"}
    one, other = write(tmp_path / "a", words()), write(tmp_path / "b", words(slots))
    made = compare(one, other, regimens=[Regimen.ACUTE])
    assert [str(swap) for swap in made.swaps] == [
        "all 3 differences of monoamine",
        "all 2 differences of agent",
    ]
    told = diff_json(made)
    assert sorted(chain(*told["swaps"])) == list(range(5))


FINDING = """  agent-ne:
    drugs: {agent: {}}
    regimen: acute
    readout: cortex.NE
    direction: up
    seen: never"""


def test_verdicts_and_what_came_and_went(tmp_path):
    gone = FINDING.replace("agent-ne", "another")
    one = write(tmp_path / "a", words(), f"{FINDING}\n{gone}")
    other = write(tmp_path / "b", words({"arrow"}), FINDING)
    (tmp_path / "b" / "drugs" / "blocker.yaml").unlink()
    made = compare(one, other)
    assert made.drugs == ("agent",)
    listed = {listing.kind: listing for listing in made.listings}
    assert listed["drugs"].removed == ("blocker",)
    assert listed["findings"].removed == ("another",)
    (verdict,) = made.verdicts
    assert verdict.finding == "agent-ne"
    assert (verdict.before, verdict.after) == (Verdict.AGREES, Verdict.DISAGREES)
    assert made.findings == 1


def test_a_finding_of_a_drug_that_changed_is_checked_again(tmp_path):
    one = write(tmp_path / "a", words(), FINDING)
    other = write(tmp_path / "b", words({"free"}), FINDING)
    assert [one.finding for one in compare(one, other).verdicts] == ["agent-ne"]
    assert compare(one, other, drugs=["blocker"]).findings == 0


def test_a_cascade_that_is_included_elsewhere(tmp_path):
    cascade = """pathway: gs
title: G
parameters: {receptor: a receptor}
nodes: {receptor.cAMP: {kind: second-messenger}}
edges: [receptor -> receptor.cAMP]
"""
    line = "include:\n  - {use: gs, with: {receptor: [%s]}}\n"
    revisions = []
    for name, bound in (("a", "cortex.beta"), ("b", "cortex.beta, LC.alpha2")):
        revisions.append(write(tmp_path / name, words() | {"extra": line % bound}))
        (tmp_path / name / "cascades").mkdir()
        (tmp_path / name / "cascades" / "gs.yaml").write_text(cascade, "utf-8")
    made = compare(*revisions, regimens=[Regimen.ACUTE])
    (difference,) = made.differences
    assert (difference.kind, difference.where) == ("cascade", "gs")


def test_a_swap_that_leaves_no_draw_stable_calls_nothing(tmp_path):
    """A self-excitation that only a brake of the same version holds."""
    loop = "  - LC.firing -> LC.firing: {strength: 1.2 - 1.5}\n"
    brake = "  - LC.firing -> LC.alpha2: {strength: dominant}\n"
    third = {"ki": "20 nM", "tone": "0.4"}
    one = write(tmp_path / "a", words() | third)
    other = write(tmp_path / "b", words({"arrow"}) | third | {"extra": loop + brake})
    path = tmp_path / "b" / "circuits" / "monoamine.yaml"
    strong = "LC.alpha2 -| LC.firing: {strength: strong}"
    text = path.read_text("utf-8").replace(strong, strong.replace("strong}", "1.6 - 2}"))
    path.write_text(text, "utf-8")
    made = compare(one, other, regimens=[Regimen.ACUTE])
    excited = next(one for one in made.swaps if "LC.firing -> LC.firing" in str(one))
    assert all(excited not in call.alone for call in made.calls)
    unbraked = next(one for one in made.swaps if "LC.firing -> LC.alpha2" in str(one))
    assert made.calls
    assert all(unbraked in call.needed for call in made.calls)


def test_what_rests_in_one_version_only_is_told(tmp_path):
    """The brake of the same version is what the drug takes away."""
    runaway = "  - LC.firing -> LC.firing: {strength: 1.2 - 1.5}\n"
    runaway += "  - LC.firing -> LC.alpha2: {strength: dominant}\n"
    one = write(tmp_path / "a", words())
    other = write(tmp_path / "b", words() | {"extra": runaway})
    path = tmp_path / "b" / "circuits" / "monoamine.yaml"
    strong = "LC.alpha2 -| LC.firing: {strength: strong}"
    text = path.read_text("utf-8").replace(strong, strong.replace("strong}", "1.6 - 2}"))
    path.write_text(text, "utf-8")
    made = compare(one, other, regimens=[Regimen.ACUTE])
    assert [(run.drug, run.rests_before) for run in made.restless] == [("agent", True)]
    assert diff_json(made)["restless"] == [
        {"drug": "agent", "regimen": "acute", "rests_before": True, "rests_after": False}
    ]


def git(folder, *arguments):
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(("git", *identity, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def with_git():
    if shutil.which("git") is None:
        pytest.skip("git is not on the path")


@pytest.fixture
def repository(tmp_path, monkeypatch, with_git):  # noqa: ARG001
    """A repository with two commits, and an edit that is not committed."""
    folder = tmp_path / "work"
    git(tmp_path, "init", "-q", "work")
    for slots in ((), ("arrow",)):
        write(folder / "pathways", words(slots))
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "x")
    write(folder / "pathways", words(("arrow", "ki")))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("repository")
def test_revisions_that_git_keeps(capsys):
    assert run(["diff", "HEAD~1", "HEAD", "--draws", "60", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    TypeAdapter(DiffAnswer).validate_python(told)
    assert [one["what"] for one in told["differences"]] == ["LC.firing -| cortex.NE"]
    assert (told["earlier"], told["later"]) == ("HEAD~1", "HEAD")
    assert all(call["says"] for call in told["calls"])
    assert run(["diff", "HEAD", "pathways", "--draws", "60"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "drug row agent at ADRA2A: antagonist 1 nM → antagonist 1000 nM [agent]" in shown
    assert "did it: enough alone" in shown


def test_same_versions_differ_in_nothing(repository, capsys):
    copy = ["diff", str(repository / "pathways"), "pathways", "--draws", "60"]
    assert run(copy) == 0
    shown = capsys.readouterr().out
    assert "Nothing." in shown
    assert "None of" in shown


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("HEAD", "nowhere"), "no folder and no git revision 'nowhere'."),
        (("--", "--output=x", "HEAD"), "no folder and no git revision '--output=x'."),
        (("HEAD", "HEAD", "--folder", "docs"), "revision 'HEAD' has no folder 'docs'."),
        (("HEAD", "HEAD~1", "--drug", "agend"), "Did you mean 'agent'?"),
        (("HEAD", "HEAD~1", "--regimen", "acut"), "no regimen 'acut'. Did you mean 'acute'?"),
        (("HEAD", ".git"), "'.git' holds no knowledge."),
    ],
)
def test_what_is_no_version(arguments, said, capsys):
    assert run(["diff", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err


def test_a_wrong_file_has_the_name_that_git_gives_it(repository, capsys):
    path = repository / "pathways" / "drugs" / "agent.yaml"
    path.write_text("drug: agent\nwrong: 1\n", "utf-8")
    git(repository, "commit", "-qam", "x")
    assert run(["diff", "HEAD~1", "HEAD"]) == 2
    assert "HEAD:pathways/drugs/agent.yaml:" in capsys.readouterr().err


@pytest.mark.usefixtures("with_git")
def test_outside_of_any_repository(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["diff", "HEAD", "HEAD~1"]) == 2
    assert "no folder 'HEAD'. Name a folder" in capsys.readouterr().err


@pytest.mark.usefixtures("repository")
def test_without_git(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError), open_revision("HEAD"):
        pass
    assert run(["diff", "HEAD", "HEAD~1"]) == 2
    assert "Install git, or name two folders." in capsys.readouterr().err


def test_a_folder_of_ones_own_extends_the_library(tmp_path):
    (tmp_path / "drugs").mkdir()
    with open_revision(str(tmp_path)) as revision:
        assert "fluoxetine" in revision.knowledge.names("drugs")


def test_what_git_keeps_is_unpacked_for_as_long_as_it_is_needed(repository):
    with open_revision("HEAD") as revision:
        (folder,) = revision.knowledge.folders
        assert folder.is_dir()
        assert not folder.is_relative_to(repository)
    assert not folder.exists()


def test_more_of_them_at_once_is_the_same_as_one_by_one(tmp_path):
    """Swaps do not depend on their order."""
    revisions = write(tmp_path / "a", words()), write(tmp_path / "b", words(set(SLOTS)))
    one, other = (load_version(each.knowledge, "monoamine") for each in revisions)
    differences = find_differences(one, other)
    for pair in combinations(differences, 2):
        there, back = swapped(one, other, pair), swapped(one, other, pair[::-1])
        assert list(there.edges) == list(back.edges)
        assert find_differences(there, back) == ()
