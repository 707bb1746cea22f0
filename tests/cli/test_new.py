"""Authors begin a file, and go on from there."""

import re
from pathlib import Path

import pytest

from raphe.cli.main import run
from raphe.formats.files import write_files
from raphe.knowledge import Knowledge, library_folder
from raphe.template import drug_template, finding_template


@pytest.fixture
def ask(capsys, tmp_path, monkeypatch):
    """Run a command in a folder with nothing in it; its exit status and what it printed."""
    monkeypatch.chdir(tmp_path)

    def asked(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return asked


def edited(file, *changes):
    """Change a file as its author would."""
    text = Path(file).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    Path(file).write_text(text, "utf-8")


NEW = {
    "drugs": ("drug", "own"),
    "findings": ("finding", "own"),
    "cascades": ("pathway", "own"),
    "references": ("reference", "own"),
}


@pytest.mark.parametrize("folder", NEW)
def test_what_is_begun_is_valid_and_says_what_it_lacks(ask, folder):
    status, out, _ = ask("new", *NEW[folder])
    file = f"my_knowledge/{folder}/own.yaml"
    assert (status, out) == (0, f"wrote {file}\nfill it in, then: raphe validate {file}\n")
    status, out, err = ask("validate", "my_knowledge", "--warnings", "--strict", "--quiet")
    assert err == ""
    assert status == (0 if folder == "references" else 1)
    assert out.count("[to-be-filled-in]") == 1
    assert "to be filled in" in out


@pytest.mark.parametrize("folder", NEW)
def test_it_is_printed_instead_if_one_asks(ask, folder, tmp_path):
    status, out, _ = ask("new", *NEW[folder], "--stdout")
    assert status == 0
    assert out.startswith("# yaml-language-server: $schema=../../schemas/")
    assert list(tmp_path.iterdir()) == []
    assert ask("new", *NEW[folder], "--quiet")[:2] == (0, "")
    assert Path(f"my_knowledge/{folder}/own.yaml").read_text("utf-8") == out


@pytest.mark.parametrize("folder", NEW)
def test_its_comments_are_narrow_enough_to_read(ask, folder):
    text = ask("new", *NEW[folder], "--stdout")[1]
    assert max(map(len, text.splitlines())) <= 130
    assert len(text.splitlines()) <= 35
    assert "$" not in text.split("\n", 1)[1]


def test_from_a_paper_to_a_finding_that_is_checked(ask):
    assert ask("new", "reference", "doe-2001")[0] == 0
    edited("my_knowledge/references/doe-2001.yaml", ('"to be filled in"', "On cortex"))
    asked = (
        *("--drug", "mirtazapine", "--readout", "cortex.NE", "--direction", "up"),
        *("--regimen", "acute", "--ref", "doe-2001", "-k", "my_knowledge"),
    )
    status, out, _ = ask("new", "finding", "--drug", "remeron", *asked[2:])
    assert status == 2
    status, out, _ = ask("new", "finding", *asked)
    assert status == 0
    file = "my_knowledge/findings/mirtazapine-cortex-ne-acute.yaml"
    assert f"wrote {file}\n" in out
    status, out, _ = ask("validate", file)
    assert (status, out) == (0, "1 file, 0 errors, 0 warnings\n")
    status, out, _ = ask(
        "check", "mirtazapine-cortex-ne-acute", "-k", "my_knowledge", "--draws", "50"
    )
    assert status == 0
    assert "agrees" in out


def test_a_finding_that_lacks_something_is_out_of_scope_until_it_is_there(ask):
    ask("new", "finding", "mine", "--drug", "desipramine", "--readout", "cortex.NE")
    asked = ("check", "mine", "-k", "my_knowledge", "--draws", "50")
    out = ask(*asked)[1]
    assert "out of scope" in out
    assert "To be filled in: direction, regimen." in out
    edited("my_knowledge/findings/mine.yaml", ("    outside: ", "    # "))
    out = ask(*asked)[1]
    assert re.search(r"1 agrees|agrees +1|✓", out), out


def test_from_a_binding_table_to_a_prediction(ask):
    status, _, _ = ask(
        *("new", "drug", "own", "--target", "alpha2=antagonist:6.3 nM"),
        *("--target", "HTR2A=antagonist:pKi 8.2", "--target", "SLC6A4=inhibitor:> 1000 nM"),
        *("--target", "HRH1=inverse agonist:IC50 0.4 - 4 nM", "--target", "NET=inhibitor"),
    )
    assert status == 0
    text = Path("my_knowledge/drugs/own.yaml").read_text("utf-8")
    assert [line.strip() for line in text.splitlines() if re.match(r" +(Ki|pKi|IC50):", line)] == [
        "Ki: 6.3 nM",
        "pKi: 8.2",
        'Ki: "> 1000 nM"',
        "IC50: 0.4 - 4 nM",
        "Ki: not specified",
    ]
    assert 'note: "to be filled in: exposure"' in text
    edited("my_knowledge/drugs/own.yaml", ("free: 1 - 1000 nM ", "free: 60 nM "))
    status, out, _ = ask("predict", "own", "-k", "my_knowledge", "--draws", "50")
    assert status == 0
    assert "▲ firing" in out


def test_a_paper_is_cited_for_what_it_says_and_not_for_the_example(ask):
    asked = ("new", "drug", "own", "--ref", "deboer-1996", "--stdout")
    assert "ref: deboer-1996" not in ask(*asked)[1]
    assert "ref: deboer-1996" in ask(*asked, "--target", "HTR2A=antagonist")[1]


def test_a_cascade_is_included_as_it_is(ask):
    ask("new", "pathway", "relay")
    Path("my_knowledge/circuits").mkdir()
    Path("my_knowledge/circuits/tiny.yaml").write_text(
        "circuit: tiny\ntitle: Tiny\n"
        "nodes: {LC.alpha2A: {kind: receptor, target: ADRA2A, tone: low}}\n"
        "include: [{use: relay, as: LC, with: {receptor: LC.alpha2A}}]\n"
    )
    assert ask("validate", "my_knowledge")[0] == 0
    status, out, _ = ask(
        *("predict", "clonidine", "--circuit", "tiny", "-k", "my_knowledge"),
        *("--draws", "50", "--json", "--regimen", "acute"),
    )
    assert status == 0
    assert '"LC.messenger"' in out


def test_a_condition_and_a_comparator_are_written_where_they_belong(ask):
    asked = (
        "new",
        "finding",
        "mine",
        "--condition",
        "pcpa",
        "--readout",
        "cortex.5-HT",
        "--stdout",
    )
    out = ask(*asked)[1]
    assert "\n    condition: pcpa " in out
    assert "\n    # drugs:\n" in out
    out = ask(*asked, "--drug", "citalopram", "--compared-with", "Prozac")[1]
    assert "\n      citalopram: {}\n" in out
    assert "\n    compared_with: [fluoxetine] " in out
    out = ask(
        "new", "finding", "mine", "--drug", "citalopram", "--direction", "normalised", "--stdout"
    )
    assert "regimen: chronic" in out[1]


# ---- where it is written ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "goal"),
    [
        ((), "my_knowledge/drugs"),
        (("drugs",), "drugs"),
        (("pathways/cascades",), "pathways/drugs"),
        (("pathways", "src"), "my_knowledge/drugs"),
        (("findings", "pathways/drugs"), "drugs"),
    ],
)
def test_the_present_folder_has_a_place_for_it(ask, there, goal):
    for folder in there:
        Path(folder).mkdir(parents=True)
    assert ask("new", "drug", "own")[0] == 0
    assert [path.as_posix() for path in Path().rglob("own.yaml")] == [f"{goal}/own.yaml"]


def test_of_several_folders_the_last_is_written_to_and_all_are_known(ask):
    Path("one/drugs").mkdir(parents=True)
    assert ask("new", "drug", "own", "-k", "one")[0] == 0
    assert ask("new", "finding", "mine", "--drug", "own", "-k", "one", "--knowledge", "two")[0] == 0
    assert Path("two/findings/mine.yaml").exists()
    assert ask("new", "finding", "mine", "--drug", "own", "-k", "two")[0] == 2


# ---- what is refused -------------------------------------------------------------------------


def test_nothing_is_written_over_another(ask):
    ask("new", "drug", "own")
    before = Path("my_knowledge/drugs/own.yaml").read_bytes()
    status, _, err = ask("new", "drug", "own")
    assert status == 2
    assert "drug 'own' is there already." in err
    # Nor over one that declares something else.
    Path("my_knowledge/findings").mkdir()
    Path("my_knowledge/findings/mine.yaml").write_text("findings: {}\n")
    status, _, err = ask("new", "finding", "mine")
    assert (status, err) == (
        2,
        "raphe: 'my_knowledge/findings/mine.yaml' is there already. "
        "Complete it, or give another name.\n",
    )
    assert Path("my_knowledge/findings/mine.yaml").read_text() == "findings: {}\n"
    assert Path("my_knowledge/drugs/own.yaml").read_bytes() == before


def test_a_file_that_cannot_be_written_leaves_nothing_behind(ask, tmp_path):
    Path("wall").write_text("a file where a folder should be")
    status, _, err = ask("new", "drug", "own", "-k", "wall")
    assert status == 2
    assert "Name another folder with '-k'." in err
    assert [path.name for path in tmp_path.iterdir()] == ["wall"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("drgu", "x"), "nothing new of the kind 'drgu'. Did you mean 'drug'?"),
        (("zzz",), "It is one of drug, finding, pathway, reference."),
        (("drug",), "missing argument 'NAME'."),
        (("drug", "a b"), "'a b' is no name."),
        (("drug", "../x"), "'../x' is no name."),
        (("drug", ""), "'' is no name."),
        (("drug", "Mirtazapine"), "drug 'Mirtazapine' is a name of 'mirtazapine', which is there"),
        (("drug", "Org 3770"), "drug 'Org 3770' is a name of 'mirtazapine', which is there"),
        (("drug", "mirtazapine"), "to override it, copy its file, drugs/mirtazapine.yaml."),
        (("drug", "x", "--target", "HTR2A"), "'HTR2A' is no row of a binding table. Write 'HTR2A="),
        (("drug", "x", "--target", "HTR2A=antagonst"), "Did you mean 'antagonist'"),
        (("drug", "x", "--target", "HTRA=antagonist"), "no target 'HTRA'. Did you mean 'HTR"),
        (("drug", "x", "--target", "HTR2A=agonist:6.3"), "'6.3' has no unit; write it as in"),
        (("drug", "x", "--target", "HTR2A=agonist:6,3 nM"), "has a decimal comma"),
        (("drug", "x", "--target", "HTR2A=agonist:pKi 63"), "'63' is not a pKi"),
        (("drug", "x", "--target", "HTR2A=agonist:6e9 nM"), "is out of the range of any drug"),
        (("drug", "x", "--ref", "deboer-1997"), "no reference 'deboer-1997'. Did you mean"),
        (("drug", "x", "-k", "nowhere", "-k", "own"), "no folder 'nowhere'."),
        (("finding",), "no name for the finding. Give one, or '--drug', '--readout' and"),
        (("finding", "mirtazapine-lc-firing-acute"), "is there already. If another paper"),
        (("finding", "x", "--readout", "LC.fring"), "no node 'LC.fring'. Did you mean 'LC.firing'"),
        (
            ("finding", "x", "--readout", "sleep"),
            "goes into the file by hand, and out of the score",
        ),
        (("finding", "x", "--direction", "increased"), "It is up, down, unchanged or normalised."),
        (("finding", "x", "--regimen", "cronic"), "Did you mean 'chronic'?"),
        (("finding", "x", "--condition", "zzz"), "'raphe list conditions' names them all."),
        (("finding", "x", "--compared-with", "vehicel"), "Did you mean 'vehicle'?"),
        (
            ("finding", "x", "--compared-with", "vehicle", "--compared-with", "citalopram"),
            "compared with vehicle and with drugs. Choose one.",
        ),
        (
            (
                "finding",
                "x",
                "--drug",
                "citalopram",
                "--direction",
                "normalised",
                "--regimen",
                "acute",
            ),
            "nothing was moved before that could be normalised. Give a condition with drugs, or",
        ),
        (("pathway", "gs"), "cascade 'gs' is there already."),
        (("reference", "deboer-1996"), "reference 'deboer-1996' is there already: "),
    ],
)
def test_a_slip_is_answered_with_what_would_be_right(ask, arguments, said, tmp_path):
    status, out, err = ask("new", *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_all_slips_come_at_once(ask):
    _, _, err = ask(
        *("new", "finding", "--drug", "mirtazapin", "--readout", "cortex.NEE", "--ref", "doe"),
        *(
            "--direction",
            "upp",
            "--regimen",
            "acutee",
            "--condition",
            "pcp",
            "--compared-with",
            "x",
        ),
    )
    assert "7 problems" in err
    _, _, err = ask(
        *("new", "drug", "a b", "--target", "HTR2A=antagonist", "--target", "5-HT2A=agonist"),
        *("--target", "HTRA=agnist", "--target", "x", "--ref", "doe"),
    )
    assert "6 problems" in err
    assert "'HTR2A' and '5-HT2A' are the same target." in err


# ---- templates as values ---------------------------------------------------------------------


def test_a_word_of_yaml_is_a_name_all_the_same(tmp_path):
    knowledge = Knowledge((library_folder(),))
    for name in ("true", "null", "1e5"):
        template = drug_template(knowledge, name)
        write_files(tmp_path, {template.file: template.text})
        assert Knowledge((library_folder(), tmp_path)).drug(name).name == name
        found = finding_template(knowledge, name, ["desipramine"], "LC.firing", "down", "acute")
        write_files(tmp_path, {found.file: found.text})
        assert name in Knowledge((library_folder(), tmp_path)).findings


def test_same_question_same_bytes():
    knowledge = Knowledge((library_folder(),))
    asked = (knowledge, "", ["desipramine"], "LC.firing", "down", "acute")
    assert finding_template(*asked) == finding_template(*asked)
