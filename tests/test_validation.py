import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raphe.checks.claims import ClaimKind, Support
from raphe.checks.notice import WarningName
from raphe.cli.main import run
from raphe.evidence import Checked
from raphe.knowledge import Knowledge, load_knowledge
from raphe.validation import validate_files, validate_knowledge

INVALID = Path(__file__).parent / "invalid"
#: One mistake each: a file, or a folder where it takes more than one.
MISTAKES = sorted(path.name for path in INVALID.iterdir() if path.suffix != ".txt")

#: A small knowledge base of one's own with nothing to say about it.
BASE = {
    "references/papers.yaml": """\
references:
  doe-2001: {title: A title, checked: abstract}
""",
    "targets.yaml": """\
targets:
  MINE: {name: my receptor, synonyms: [M1r]}
families:
  mines: {members: [MINE]}
""",
    "cascades/relay.yaml": """\
pathway: relay
title: Relay
parameters: {receptor: what is bound}
evidence: [doe-2001]
nodes:
  X: {kind: process}
edges:
  - receptor -> X
""",
    "circuits/own.yaml": """\
circuit: own
title: Own
evidence: [doe-2001]
places:
  olive: {label: inferior olive, cell: my cell}
nodes:
  olive.R: {kind: receptor, tone: low, target: MINE}
include:
  - {use: relay, as: olive, with: {receptor: olive.R}}
""",
    "conditions/lesion.yaml": """\
condition: lesion
title: Lesion
lesions: [my cell]
evidence: [doe-2001]
""",
    "drugs/mine.yaml": """\
drug: mine
title: Mine
synonyms: [M-1]
targets:
  MINE: {action: antagonist, Ki: 18 nM, evidence: [doe-2001]}
exposure:
  usual: {free: 60 nM, evidence: [{assumption: an example}]}
""",
    "figures/all.yaml": """\
figure: all
title: All
circuit: own
around: olive.R
drugs: m-1
""",
    "findings/mine.yaml": """\
findings:
  mine-x:
    drugs: {mine: {exposure: 2x}}
    regimen: acute
    readout: olive.X
    direction: up
    condition: lesion
    compared_with: [vehicle]
    evidence: [{ref: doe-2001, where: Table 1}]
""",
    "workflows/binding.yaml": """\
workflow: binding
title: Binding
phases:
  - phase: All
    steps:
      one: {title: One}
      two: {title: Two, after: one}
calculations: ic50
evidence: [doe-2001]
""",
}


@pytest.fixture(scope="module")
def library():
    """A small one, so that what is near a name does not change with what ships."""
    return Knowledge((Path(__file__).parent / "library",))


@pytest.fixture
def folder(tmp_path):
    """Writes the small knowledge base, with changes: a text in a file replaced by another."""

    def write(*changes):
        files = dict(BASE)
        for file, old, new in changes:
            assert old in files.get(file, "")
            files[file] = files.get(file, "").replace(old, new, 1)
        for file, text in files.items():
            path = tmp_path / "own" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path / "own"

    return write


def shown(found, folder):
    return [str(one).replace(f"{folder}/", "") for one in found]


def test_the_library_that_ships_has_no_errors():
    library = load_knowledge()
    report = validate_knowledge(library)
    assert report.errors == ()
    assert report.is_valid
    assert len(report.files) == len(library.files())


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_says_where_what_and_what_would_be_right(name, library, monkeypatch):
    monkeypatch.chdir(INVALID)
    report = validate_files([name], library)
    assert not report.is_valid
    expected = Path(name).with_suffix(".txt").read_text("utf-8")
    assert "".join(f"{problem}\n" for problem in report.errors) == expected


def test_every_mistake_has_its_message():
    assert len(MISTAKES) >= 45
    messages = {path.stem for path in INVALID.glob("*.txt")}
    assert messages == {Path(name).stem for name in MISTAKES}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            b"\xef\xbb\xbfdrug: mine\n",
            "1:1: the file begins with a byte order mark. Save it as UTF-8 without BOM.",
        ),
        (
            "drug: mine\ntitle: 5 µM\n".encode("latin-1"),
            "2:10: byte 0xb5 is not UTF-8. Save the file as UTF-8; it may be Latin-1.",
        ),
        (b"drug: mine\x00\n", "1:11: control character U+0000. Delete it."),
        (
            b"a: &a [x, x]\n"
            + b"".join(
                b"%c: &%c [*%c, *%c]\n" % (b, b, a, a)
                for a, b in zip(b"abcdefgh", b"bcdefghi", strict=True)
            ),
            "1:4: '&a' is an anchor. "
            "Write the value out, or put a text that begins with & in quotes.",
        ),
        (b"[" * 3_000_000, "1:17: values are nested more than 16 levels deep. Check the brackets."),
        (
            b"drug: [" + b",".join([b"x"] * 500_000) + b"]",
            "1:800004: the file holds more than 400,000 values. Split it.",
        ),
    ],
)
def test_files_that_are_no_text_or_too_much_of_it(raw, message, library, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_bytes(raw)
    assert [str(one) for one in validate_files(["own.yaml"], library).errors] == [
        f"own.yaml:{message}"
    ]


def test_a_file_of_a_hundred_megabytes(library, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Path("own.yaml").open("wb") as file:
        file.truncate(100_000_000)
    (problem,) = validate_files(["own.yaml"], library).errors
    assert str(problem) == (
        "own.yaml: the file has 100.0 MB; a knowledge file has at most 4 MB. "
        "Split it, or check that it is the file that you meant."
    )


def test_files_that_cannot_be_read(library, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    found = validate_files(["none.yaml", "drugs/none.yaml", "empty", "a\0b"], library).errors
    assert sorted(map(str, found)) == [
        "'empty' holds no knowledge. It has subfolders out of: "
        "cascades, circuits, conditions, drugs, figures, findings, references, workflows.",
        "a\ufffdb: no such file. Check the name.",
        "drugs/none.yaml: no such file. Check the name.",
        "none.yaml: no such file. Check the name.",
    ]


def test_there_is_nothing_to_say_about_a_sound_folder(folder, library):
    report = validate_files([folder()], library)
    assert (report.errors, report.warnings) == ((), ())
    assert len(report.files) == len(BASE)


WARNINGS = {
    WarningName.DUPLICATE_SYNONYM: [
        (
            ("targets.yaml", "  mines", "  mines: {members: [MINE], synonyms: [M1r]}\n  others"),
            "targets.yaml:4:38: 'M1r' is a name of target 'MINE' too. "
            "Only the first answers to it; remove one.",
        ),
        (
            ("targets.yaml", "  mines", "  MINE: {members: [MINE]}\n  mines"),
            "targets.yaml:4:3: 'MINE' is a name of target 'MINE' too. "
            "Only the first answers to it; remove one.",
        ),
        (
            ("drugs/mine.yaml", "[M-1]", "[M-1, DMI]"),
            "drugs/mine.yaml:3:11: 'DMI' is a name of 'desipramine' too. "
            "Only one of the drugs answers to it; remove it from the other.",
        ),
    ],
    WarningName.UNKNOWN_DRUG_CLASS: [
        (
            ("drugs/mine.yaml", "title: Mine", "title: Mine\nclass: NaSA (tetracyclic)"),
            "drugs/mine.yaml:3:8: no class of drugs 'NaSA'. Did you mean 'NaSSA'?",
        ),
        (
            ("drugs/mine.yaml", "title: Mine", "title: Mine\nclass: SSRI and placebo"),
            "drugs/mine.yaml:3:8: no class of drugs 'placebo'. docs/language.md has the classes; "
            "a subclass goes into a bracket.",
        ),
    ],
    WarningName.DRUG_REACHES_NOTHING: [
        (
            ("drugs/mine.yaml", "MINE:", "DRD4:"),
            "drugs/mine.yaml:1:7: 'mine' reaches nothing: no circuit has a node for any of its "
            "targets. Its predictions will be unchanged everywhere.",
        ),
        (
            ("drugs/mine.yaml", "18 nM", "not specified"),
            "drugs/mine.yaml:1:7: 'mine' reaches nothing: none of its rows can be computed with. "
            "Its predictions will be unchanged everywhere.",
        ),
    ],
    WarningName.EMPTY_PLACE: [
        (
            ("circuits/own.yaml", "places:\n", "places:\n  DRN: {label: dr}\n"),
            "circuits/own.yaml:5:3: place 'DRN' has no nodes. "
            "The names of its nodes begin with its own and a dot.",
        )
    ],
    WarningName.LABEL_TOO_LONG: [
        (
            ("cascades/relay.yaml", "process}", f"process, label: {'x' * 31}}}"),
            "cascades/relay.yaml:6:29: the label of 'X' has 31 characters. "
            "More than 30 are hard to draw; shorten it.",
        )
    ],
    WarningName.NO_EVIDENCE: [
        (
            ("cascades/relay.yaml", "evidence: [doe-2001]\n", ""),
            "cascades/relay.yaml:7:5: no evidence for the edge 'receptor -> X'. "
            "Cite a reference, or state an assumption with its reason.",
        ),
        (
            ("drugs/mine.yaml", ", evidence: [doe-2001]", ""),
            "drugs/mine.yaml:5:3: no evidence for the affinity at 'MINE'. "
            "Cite a reference, or state an assumption with its reason.",
        ),
        (
            ("findings/mine.yaml", "    evidence: [{ref: doe-2001, where: Table 1}]\n", ""),
            "findings/mine.yaml:2:3: no evidence for the finding 'mine-x'. "
            "Cite a reference, or state an assumption with its reason.",
        ),
        (
            ("circuits/own.yaml", "evidence: [doe-2001]\n", ""),
            "circuits/own.yaml:6:3: no evidence for the tone of 'olive.R'. "
            "Cite a reference, or state an assumption with its reason.",
        ),
        (
            ("conditions/lesion.yaml", "evidence: [doe-2001]\n", ""),
            "conditions/lesion.yaml:3:1: no evidence for the lesion of 'my cell'. "
            "Cite a reference, or state an assumption with its reason.",
        ),
    ],
    WarningName.ODD_ACTION: [
        (
            [
                ("targets.yaml", "name: my receptor", f"name: mine, class: {class_}"),
                ("drugs/mine.yaml", "antagonist", action),
            ],
            f"drugs/mine.yaml:5:18: '{action}' does not fit 'MINE', {thing}. "
            f"Write {meant}, or check the target.",
        )
        for class_, action, thing, meant in (
            ("transporter", "agonist", "a transporter", "inhibitor or releaser"),
            ("transporter", "opener", "a transporter", "inhibitor or releaser"),
            ("enzyme", "partial agonist", "an enzyme", "inhibitor or activator"),
            ("enzyme", "inverse agonist", "an enzyme", "inhibitor or activator"),
            (
                "ion channel",
                "releaser",
                "an ion channel",
                "agonist, antagonist, blocker or opener",
            ),
            ("gpcr", "releaser", "a G protein-coupled receptor", "agonist or antagonist"),
            ("gpcr", "inhibitor", "a G protein-coupled receptor", "antagonist"),
            ("nuclear receptor", "opener", "a nuclear receptor", "agonist or antagonist"),
        )
    ],
    WarningName.ORPHAN_NODE: [
        (
            ("circuits/own.yaml", "nodes:\n", "nodes:\n  olive.Y: {kind: process}\n"),
            "circuits/own.yaml:7:3: node 'olive.Y' has no edges. Connect it, or remove it.",
        )
    ],
    WarningName.OVERLAPPING_TARGETS: [
        (
            [
                ("targets.yaml", "[MINE]", "[MINE, HRH1]"),
                (
                    "drugs/mine.yaml",
                    "targets:\n",
                    "targets:\n  mines: {action: agonist, Ki: 1 nM, evidence: [doe-2001]}\n",
                ),
            ],
            "drugs/mine.yaml:6:3: 'MINE' (antagonist) belongs to 'mines' (agonist). At the nodes "
            "of 'MINE' its own row counts, at the others that of 'mines'; check that both are "
            "meant.",
        )
    ],
    WarningName.TO_BE_FILLED_IN: [
        (
            ("drugs/mine.yaml", "title: Mine", 'title: Mine\nnote: "to be filled in: exposure"'),
            "drugs/mine.yaml:3:7: to be filled in: exposure. "
            "Write it, and delete or replace this text.",
        ),
        (
            ("workflows/binding.yaml", "{title: One}", "{title: to be filled in}"),
            "workflows/binding.yaml:6:20: to be filled in. "
            "Write it, and delete or replace this text.",
        ),
    ],
    WarningName.UNCHECKED_REFERENCE: [
        (
            ("references/papers.yaml", "abstract", "no"),
            "references/papers.yaml:2:3: 'doe-2001' is cited from memory. "
            "Read its record, abstract or text, and say so in 'checked:'.",
        )
    ],
    WarningName.UNKNOWN_READOUT: [
        (
            ("findings/mine.yaml", "olive.X", "olive.XX"),
            "findings/mine.yaml:5:14: no node 'olive.XX'. Did you mean 'olive.X' or 'olive.R'?",
        ),
        (
            ("findings/mine.yaml", "olive.X", "sleep"),
            "findings/mine.yaml:5:14: no node 'sleep'. Its verdict will be 'out of scope'.",
        ),
    ],
    WarningName.UNPLACED_NODE: [
        (
            [
                ("circuits/own.yaml", "as: olive", "as: DRN"),
                ("findings/mine.yaml", "olive.X", "DRN.X"),
            ],
            "cascades/relay.yaml:6:3: node 'DRN.X' stands in none of the places. "
            "Begin its name with the name of a place, or declare its place.",
        )
    ],
    WarningName.UNPLACED_TARGET: [
        (
            (
                "drugs/mine.yaml",
                "targets:\n",
                "targets:\n  DRD4: {action: agonist, Ki: 1 nM, evidence: [doe-2001]}\n",
            ),
            "drugs/mine.yaml:5:3: no circuit has a node for 'DRD4'. "
            "What the drug does there is not predicted.",
        )
    ],
    WarningName.UNUSED_CASCADE: [
        (
            [("circuits/own.yaml", "relay", "gs"), ("findings/mine.yaml", "olive.X", "olive.Gs")],
            "cascades/relay.yaml:1:10: nothing includes cascade 'relay'. "
            "Include it in a circuit, or remove it.",
        )
    ],
    WarningName.UNUSED_REFERENCE: [
        (
            (
                "references/papers.yaml",
                "references:\n",
                "references:\n  roe-2002: {title: Another}\n",
            ),
            "references/papers.yaml:2:3: nothing cites 'roe-2002'. Cite it, or remove it.",
        )
    ],
}


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [(name, change, message) for name, cases in WARNINGS.items() for change, message in cases],
)
def test_a_warning_has_its_name_and_comes_alone(name, change, message, folder, library):
    own = folder(*(change if isinstance(change, list) else [change]))
    report = validate_files([own], library)
    assert report.errors == ()
    assert shown(report.warnings, own) == [f"{message} [{name}]"]


@pytest.mark.parametrize(
    ("class_", "action"),
    [
        ("other", "releaser"),
        ("transporter", "releaser"),
        ("transporter", "inhibitor"),
        ("ion channel", "opener"),
        ("ion channel", "agonist"),
        ("nuclear receptor", "partial agonist"),
        ("enzyme", "inhibitor"),
        ("gpcr", "inverse agonist"),
        ("gpcr", "PAM"),
    ],
)
def test_an_action_that_fits_its_target_is_not_odd(class_, action, folder, library):
    own = folder(
        ("targets.yaml", "name: my receptor", f"name: mine, class: {class_}"),
        ("drugs/mine.yaml", "antagonist", action),
    )
    assert validate_files([own], library).warnings == ()


def test_only_the_odd_one_of_several_rows_is_odd(folder, library):
    """In its own line; and an odd action of a row says nothing of the next."""
    own = folder(
        ("targets.yaml", "name: my receptor", "name: mine, class: gpcr"),
        (
            "drugs/mine.yaml",
            "{action: antagonist, Ki: 18 nM, evidence: [doe-2001]}",
            "\n".join(
                [
                    "",
                    *(
                        f"    - {{action: {action}, Ki: 18 nM, evidence: [doe-2001]}}"
                        for action in ("antagonist", "inhibitor", "opener")
                    ),
                ]
            ),
        ),
    )
    found = shown(validate_files([own], library).warnings, own)
    assert [line.split(": ", 1)[0] for line in found] == [
        "drugs/mine.yaml:7:16",
        "drugs/mine.yaml:8:16",
    ]
    assert "Write antagonist, or" in found[0]
    assert "Write agonist or antagonist, or" in found[1]


@pytest.mark.parametrize(
    "row", ["antagonist, Ki: 1 nM", "agonist, Ki: 1 nM, disputed: true", 'agonist, Ki: "> 10 µM"']
)
def test_a_family_that_says_the_same_or_nothing_does_not_overlap(row, folder, library):
    own = folder(
        ("targets.yaml", "[MINE]", "[MINE, HRH1]"),
        (
            "drugs/mine.yaml",
            "targets:\n",
            f"targets:\n  mines: {{action: {row}, evidence: [doe-2001]}}\n",
        ),
    )
    assert validate_files([own], library).warnings == ()


def test_a_name_in_quotes_may_have_white_space_around_it(folder, library):
    own = folder(
        ("drugs/mine.yaml", "  MINE:", '  " MINE ":'),
        ("findings/mine.yaml", "{mine: {", '{" mine ": {'),
        ("findings/mine.yaml", "olive.X", '" olive.X "'),
    )
    report = validate_files([own], library)
    assert (report.errors, report.warnings) == ((), ())


def test_a_file_with_a_mistake_still_says_what_it_declares(folder, library):
    """What others name in it is there, and what it cites is cited."""
    own = folder(
        ("references/papers.yaml", "checked: abstract", "checked: yes"),
        ("targets.yaml", "name: my receptor", "nmae: my receptor"),
        ("drugs/mine.yaml", "antagonist", "binds"),
        ("drugs/mine.yaml", "[M-1]", "[M-1, M-2]"),
        ("figures/all.yaml", "m-1", "[m-2, m-3]"),
        ("conditions/lesion.yaml", "doe-2001", "roe-2002"),
        ("findings/mine.yaml", "mine: {", "yours: {"),
    )
    report = validate_files([own], library)
    assert [line.split(". ")[0] for line in shown(report.errors, own)] == [
        "conditions/lesion.yaml:4:12: no reference 'roe-2002'",
        "drugs/mine.yaml:5:18: unknown action 'binds'",
        "figures/all.yaml:5:8: no drug 'm-3'",
        "findings/mine.yaml:3:13: no drug 'yours'",
        "references/papers.yaml:2:39: unknown degree of checking 'yes'",
        "targets.yaml:2:10: unknown key 'nmae'",
    ]


def test_what_a_file_with_a_mistake_cites_is_cited(folder, library):
    own = folder(
        ("references/papers.yaml", "references:\n", "references:\n  roe-2002: {title: Another}\n"),
        ("drugs/mine.yaml", "doe-2001", "roe-2002"),
        ("drugs/mine.yaml", "antagonist", "binds"),
    )
    report = validate_files([own], library)
    assert len(report.errors) == 1
    assert WarningName.UNUSED_REFERENCE not in {one.name for one in report.warnings}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("drugs/mine.yaml", "drug: mine", "drug: my own"), "drugs/mine.yaml:1:7"),
        (("drugs/mine.yaml", "drug: mine", "drug: [mine]"), "drugs/mine.yaml:1:7"),
        (("findings/mine.yaml", "lesion", "[lesion]"), "findings/mine.yaml:7:16"),
    ],
)
def test_a_wrong_value_is_not_a_wrong_name_too(change, place, folder, library):
    own = folder(change)
    (problem,) = shown(validate_files([own], library).errors, own)
    assert problem.startswith(f"{place}: ")


def test_a_readout_is_looked_up_although_the_direction_is_wrong(folder, library):
    own = folder(
        ("findings/mine.yaml", "olive.X", "sleep"), ("findings/mine.yaml", "up", "increased")
    )
    report = validate_files([own], library)
    assert len(report.errors) == 1
    assert shown(report.warnings, own) == [
        "findings/mine.yaml:5:14: no node 'sleep'. Its verdict will be 'out of scope'. "
        "[unknown-readout]"
    ]


def test_a_file_that_nobody_reads_is_named(folder, library):
    own = folder()
    for path in (
        "drugs/other.yml",
        "drug/other.yaml",
        "notes.yaml",
        ".hidden/x.yaml",
        "drugs/notes.txt",
    ):
        (own / path).parent.mkdir(exist_ok=True)
        (own / path).write_text("drug: other\n")
    assert shown(validate_files([own], library).warnings, own) == [
        "drug/other.yaml: the file is not read. Did you mean 'drugs'? [file-not-read]",
        "drugs/other.yml: the file is not read. Let its name end in '.yaml'. [file-not-read]",
        "notes.yaml: the file is not read. Put it into one of cascades, circuits, conditions, "
        "drugs, figures, findings, references, workflows. [file-not-read]",
    ]


def test_every_name_of_a_warning_is_shown_above():
    assert {*WARNINGS, WarningName.FILE_NOT_READ} == set(WarningName)


def test_problems_stand_in_the_order_of_the_files(folder, library):
    own = folder(
        ("drugs/mine.yaml", "18 nM", "18"),
        ("drugs/mine.yaml", "60 nM", "60"),
        ("cascades/relay.yaml", "receptor -> X", "receptor -> Y"),
        ("workflows/binding.yaml", "after: one", "after: ones"),
        ("targets.yaml", "[MINE]", "[MINES]"),
    )
    places = [line.split(": ")[0] for line in shown(validate_files([own], library).errors, own)]
    assert places == [
        "cascades/relay.yaml:8:5",
        "drugs/mine.yaml:5:34",
        "drugs/mine.yaml:7:17",
        "workflows/binding.yaml:7:32",
        "targets.yaml:4:21",
    ]


@pytest.mark.parametrize("file", sorted(BASE))
def test_a_file_that_cannot_be_read_is_the_only_mistake(file, folder, library):
    own = folder((file, BASE[file], "{"))
    assert len(validate_files([own], library).errors) == 1


def test_what_a_cascade_that_cannot_be_read_declares_is_not_missed(folder, library):
    own = folder(
        ("cascades/relay.yaml", "nodes:", "nodes"),
        ("circuits/own.yaml", "include:", "edges:\n  - olive.X ~| olive.R\ninclude:"),
    )
    assert [one.file for one in validate_files([own], library).errors] == [
        str(own / "cascades" / "relay.yaml")
    ]


def test_a_mistake_of_a_cascade_counts_once(folder, library):
    own = folder(
        ("cascades/relay.yaml", "receptor -> X", "receptor -> Y"),
        (
            "circuits/own.yaml",
            "include:\n",
            "include:\n  - {use: relay, as: olive.b, with: {receptor: olive.R}}\n",
        ),
    )
    assert shown(validate_files([own], library).errors, own) == [
        "cascades/relay.yaml:8:5: no node 'Y' (edge 'receptor -> Y'). Declare it under 'nodes:'."
    ]


@pytest.mark.parametrize("file", sorted(BASE))
def test_a_file_that_stands_alone_says_by_its_first_key_what_it_is(file, folder, library, tmp_path):
    own = folder()
    alone = tmp_path / "alone.yaml"
    shutil.copy(own / file, alone)
    report = validate_files([alone], library.extended_by([own]))
    assert report.errors == ()
    assert report.files == (str(alone),)


def test_a_file_that_stands_alone_overrides_its_namesake(library, tmp_path):
    """A figure of a circuit of one's own that has the name of the one that ships."""
    circuit = tmp_path / "a.yaml"
    circuit.write_text(
        BASE["circuits/own.yaml"]
        .replace("circuit: own", "circuit: monoamine")
        .replace("relay", "gs")
    )
    figure = tmp_path / "b.yaml"
    figure.write_text("figure: all\ntitle: All\ncircuit: monoamine\naround: olive.R\n")
    both = [str(one) for one in validate_files([circuit, figure], library).errors]
    assert not [one for one in both if "olive.R" in one]
    (alone,) = validate_files([figure], library).errors
    assert "no node 'olive.R' in 'monoamine'." in str(alone)


def test_a_file_in_a_folder_is_seen_with_its_neighbours(folder, library, monkeypatch):
    own = folder(("drugs/mine.yaml", "18 nM", "18"))
    monkeypatch.chdir(own.parent)
    report = validate_files(["own/findings/mine.yaml"], library)
    assert (report.errors, report.files) == ((), ("own/findings/mine.yaml",))
    assert [one.file for one in validate_files(["own/drugs"], library).errors] == [
        "own/drugs/mine.yaml"
    ]
    monkeypatch.chdir(own)
    assert [one.file for one in validate_files(["drugs/mine.yaml"], library).errors] == [
        "drugs/mine.yaml"
    ]
    assert not validate_files([own / "drugs" / "mine.yaml"], library.extended_by([own])).is_valid


def test_a_circuit_that_does_not_compose_hides_no_other_mistake(folder, library):
    own = folder(
        ("circuits/own.yaml", "receptor: olive.R}", "receptor: olive.Q}"),
        ("figures/all.yaml", "m-1", "m-2"),
        ("findings/mine.yaml", "doe-2001", "doe-2002"),
        ("findings/mine.yaml", "2x", "twice"),
    )
    found = shown(validate_files([own], library).errors, own)
    assert [line.split(". ")[0] for line in found] == [
        "circuits/own.yaml:9:46: no node 'olive.Q'",
        "figures/all.yaml:5:8: no drug 'm-2'",
        "findings/mine.yaml:3:30: 'twice' is not a dose of mine",
        "findings/mine.yaml:9:22: no reference 'doe-2002'",
    ]


def test_what_claims_rest_on_is_counted(folder, library):
    own = folder(
        (
            "circuits/own.yaml",
            "include:",
            "edges:\n  - olive.R ~| olive.R: {evidence: [{assumption: a guess}]}\ninclude:",
        ),
        ("drugs/mine.yaml", ", evidence: [doe-2001]", ""),
        ("references/papers.yaml", "references:\n", "references:\n  roe-2002: {title: Another}\n"),
    )
    evidence = validate_files([own], library).evidence
    assert dict(evidence.support) == {
        ClaimKind.EDGE: Support(2, 1, 1),
        ClaimKind.TONE: Support(1, 1, 0),
        ClaimKind.AFFINITY: Support(1, 0, 0),
        ClaimKind.EXPOSURE: Support(1, 0, 1),
        ClaimKind.CONDITION: Support(1, 1, 0),
        ClaimKind.FINDING: Support(1, 1, 0),
    }
    assert dict(evidence.support)[ClaimKind.AFFINITY].unsupported == 1
    assert dict(evidence.references) == {
        Checked.NO: 1,
        Checked.RECORD: 0,
        Checked.ABSTRACT: 1,
        Checked.FULL_TEXT: 0,
    }
    assert evidence.checked_share == 0.5


def unread_folder(folder, number):
    """The small knowledge base, with rows that rest on something that nobody has read."""
    row = "    - {action: antagonist, Ki: 18 nM, evidence: ["
    rows = [*[f"{row}roe-2002]}}"] * number, f"{row}roe-2002, doe-2001]}}"]
    return folder(
        ("references/papers.yaml", "references:\n", "references:\n  roe-2002: {title: Another}\n"),
        (
            "drugs/mine.yaml",
            "{action: antagonist, Ki: 18 nM, evidence: [doe-2001]}",
            "\n".join(["", *rows]),
        ),
    )


def test_what_rests_on_unread_references_only_is_not_cited(folder, library):
    own = unread_folder(folder, 2)
    evidence = validate_files([own], library).evidence
    affinities = dict(evidence.support)[ClaimKind.AFFINITY]
    assert affinities == Support(total=3, cited=1, assumed=0, unread=2)
    assert affinities.unsupported == 0
    assert shown(evidence.unread, own) == [
        "drugs/mine.yaml:6: affinity at 'MINE' (roe-2002)",
        "drugs/mine.yaml:7: affinity at 'MINE' (roe-2002)",
    ]


@pytest.mark.parametrize(("number", "last"), [(20, "affinity"), (23, "and 3 more")])
def test_at_most_twenty_unread_claims_are_listed(number, last, folder, capsys):
    own = unread_folder(folder, number)
    assert run(["validate", str(own), "--evidence"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["all", "cited", "unread", "assumed", "none"]
    (affinities,) = [line.split() for line in lines if line.startswith("affinities")]
    assert affinities == ["affinities", str(number + 1), "1", str(number), "0", "0"]
    start = lines.index("unread: rests only on references that nobody has read:") + 1
    end = next(i for i, line in enumerate(lines) if line.startswith("references read"))
    assert len(lines[start:end]) == min(number, 20) + (number > 20)
    assert last in lines[end - 1]


def test_all_unread_claims_are_in_the_json(folder, capsys):
    own = unread_folder(folder, 23)
    assert run(["validate", str(own), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["evidence"]["affinities"] == {
        "total": 24,
        "cited": 1,
        "unread": 23,
        "assumed": 0,
        "none": 0,
    }
    assert len(answer["unread"]) == 23
    assert answer["unread"][0] == {
        "file": str(own / "drugs" / "mine.yaml"),
        "line": 6,
        "claim": "affinity at 'MINE'",
        "references": ["roe-2002"],
    }


def test_a_folder_holds_no_knowledge_files_but_yaml(folder, library):
    own = folder()
    (own / "drugs" / "notes.md").write_text("**notes**")
    (own / "drugs" / "other.yml").write_text("drug: other\n")
    paths = [own / "drugs" / "notes.md", own / "drugs" / "other.yml"]
    assert shown(validate_files(paths, library).errors, own) == [
        "drugs/notes.md: this is no knowledge file. The name of one ends in '.yaml'.",
        "drugs/other.yml: the file is not read. Let its name end in '.yaml'.",
    ]


def test_without_references_nothing_is_unchecked(library, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("targets: {MINE: {name: mine}}\n")
    assert validate_files([path], library).evidence.checked_share == 1.0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_damaged_files_are_validated_without_a_traceback(library, tmp_path, data):
    text = BASE[data.draw(st.sampled_from(sorted(BASE)))]
    lines = text.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        piece = data.draw(
            st.sampled_from(["", "x", "[]", "{}", "3", "~", " ", ": ", "- ", "a.b -> c", "[x, y]"])
        )
        cut = data.draw(st.integers(0, len(lines[number])))
        lines[number] = (
            lines[number][:cut] + piece + data.draw(st.sampled_from([lines[number][cut:], "\n"]))
        )
    path = tmp_path / "own.yaml"
    path.write_text("".join(lines), "utf-8")
    report = validate_files([path], library)
    assert all(str(one).startswith(str(tmp_path)) for one in report.errors)
