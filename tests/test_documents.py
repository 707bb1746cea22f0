import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raphe.drug import Drug
from raphe.errors import InputError
from raphe.finding import Findings
from raphe.formats.documents import parse_document, read_document
from raphe.formats.plain_text import decode
from raphe.knowledge import COLLECTED, NAMED, library_folder
from raphe.pathway import Cascade, Circuit
from raphe.reference import References
from raphe.target import Targets

MODELS = [*NAMED.values(), *COLLECTED.values(), Targets]
DRUG = """\
drug: own
title: Own
targets:
  ADRA2A: {action: antagonist, Ki: 18 nM}
  HRH1:
    - {action: antagonist, Ki: 1 nM}
    - {action: antagonist, Ki: 2 nM}
exposure:
  usual: {free: 60 nM}
"""


def refusal(text, model):
    with pytest.raises(InputError) as raised:
        parse_document(text, model, "own.yaml")
    return [str(problem) for problem in raised.value.problems]


def test_a_document_is_a_value_and_its_source(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(DRUG, "utf-8")
    document = read_document(path, Drug, "shown.yaml")
    assert document.value.name == "own"
    assert document.file == "shown.yaml"
    assert read_document(path, Drug).file == str(path)
    assert document.source.keys["targets", "HRH1"] == (5, 3)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Ki: 18 nM", "Ki: 18", "own.yaml:4:36: '18' has no unit."),
        ("Ki: 1 nM", "Ki: 1", "own.yaml:6:32: '1' has no unit."),
        ("Ki: 2 nM", "Kii: 2 nM", "own.yaml:7:7: no affinity."),
        ("Ki: 2 nM", "Ki: 2 nM, x: 1", "own.yaml:7:38: unknown key 'x'."),
        ("free: 60 nM", "fre: 60 nM", "own.yaml:9:11: unknown key 'fre'. Did you mean 'free'?"),
        ("title: Own", "title: [a]", "own.yaml:2:8: a list stands where a text is expected."),
        ("title: Own", "title: 3", "own.yaml:2:8: a number ('3') stands where a text is expected."),
        ("title: Own", "title: true", "own.yaml:2:8: 'true' stands where a text is expected."),
        ("title: Own", "title:", "own.yaml:2:7: nothing stands where a text is expected."),
        ("HRH1:", "HRH1: {}", "own.yaml:"),
    ],
)
def test_a_mistake_is_found_where_it_stands(old, new, message):
    assert refusal(DRUG.replace(old, new, 1), Drug)[0].startswith(message)


def test_all_mistakes_are_found_at_once_and_in_order():
    text = DRUG.replace("title", "titel").replace("18 nM", "-18 nM").replace("60 nM", "60")
    assert [line.split(": ")[0] for line in refusal(text, Drug)] == [
        "own.yaml:2:1",
        "own.yaml:4:36",
        "own.yaml:9:17",
    ]


def test_mistakes_of_an_edge_stand_under_its_arrow():
    text = (
        "pathway: own\ntitle: Own\nedges:\n"
        "  - A -> B: {strength: huge, proces: binding}\n  - A -> C: {process: x}\n"
    )
    assert [line.split(". ")[0] for line in refusal(text, Cascade)] == [
        "own.yaml:4:24: 'huge' is not a strength",
        "own.yaml:4:30: unknown key 'proces'",
        "own.yaml:5:23: unknown process 'x'",
    ]


@pytest.mark.parametrize(
    ("key", "offered"),
    [("evidenc", "Did you mean 'evidence'?"), ("zzz", "Known here: strength, reason, mechanism,")],
)
def test_only_keys_that_may_stand_there_are_offered(key, offered):
    text = f"pathway: own\ntitle: Own\nedges: [{{A -> B: {{{key}: 1}}}}]\n"
    (line,) = refusal(text, Cascade)
    assert offered in line
    assert "source" not in line


def test_a_misspelt_key_is_one_mistake():
    (line,) = refusal(DRUG.replace("title:", "titel:"), Drug)
    assert "missing" not in line


def test_a_missing_key_beside_an_unrelated_one_is_another():
    assert len(refusal(DRUG.replace("title: Own", "colour: red"), Drug)) == 2


def test_only_what_is_really_empty_is_called_empty():
    assert refusal("drug: own\ntitle: Own\ntargets: {}\nexposure: {}\n", Drug) == [
        "own.yaml:3:10: 'targets' is empty. State at least one.",
        "own.yaml:4:11: 'exposure' is empty. State at least one.",
    ]


def test_long_texts_are_not_repeated_whole():
    (line,) = refusal(f"pathway: own\ntitle: Own\nnodes: {{a: {{kind: {'x' * 5000}}}}}\n", Cascade)
    assert len(line) < 500


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~"])
def test_an_empty_file_is_called_empty(text):
    assert "the file is empty" in refusal(text, Drug)[0]


@pytest.mark.parametrize("text", ["- a\n", "text\n", "3"])
def test_a_file_that_is_no_mapping_is_called_that(text):
    assert "the file is not a mapping" in refusal(text, Drug)[0]


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path, what in ((tmp_path / "none.yaml", "no such file."), (tmp_path, "not a plain file.")):
        with pytest.raises(InputError) as raised:
            read_document(path, Drug)
        assert str(raised.value) == f"{path}: {what} Check the name."


def test_a_file_of_a_hundred_megabytes_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} is read"))
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(InputError) as raised:
        read_document(path, Drug, "large.yaml")
    assert str(raised.value).startswith("large.yaml: the file has 100.0 MB; a knowledge file has ")


LIBRARY = sorted(library_folder().rglob("*.yaml"))
GARBAGE = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [
            b"\n",
            b": ",
            b"- ",
            b"{",
            b"}",
            b"[",
            b"]",
            b"'",
            b'"',
            b"\t",
            b"~",
            b"  ",
            b"-1",
            b"a: b",
        ]
    ),
)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_in_words(data):
    raw = bytearray(data.draw(st.sampled_from(LIBRARY)).read_bytes()[:3000])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        raw[start : start + data.draw(st.integers(0, 6))] = data.draw(GARBAGE)
    model = data.draw(st.sampled_from(MODELS))
    try:
        parse_document(decode(bytes(raw), "own.yaml"), model, "own.yaml")
    except InputError as error:
        assert error.problems  # noqa: PT017
        assert all(one.what.endswith((".", "?")) for one in error.problems)  # noqa: PT017


#: Values of every type in every place of a file that is otherwise right.
ODD = st.sampled_from(
    [None, True, 3, -1.5, "", "x", "a\nb", [], [1], ["x"], {}, {"x": 1}, {"A -> B": []}]
)
WHOLE = {
    Drug: DRUG,
    Circuit: """
circuit: own
title: Own
places: {LC: {label: lc}}
readouts: [LC.x]
nodes:
  LC.x: {kind: firing, target: [A], tone: 0.1 - 0.2, evidence: [{ref: r, where: w}]}
edges: [LC.x -> LC.x, {LC.x -| LC.x: {strength: weak}}]
include: [{use: gs, as: LC, with: {receptor: [LC.x]}}]
""",
    Findings: """
findings:
  a: {drugs: {x: {dose: d}}, regimen: acute, readout: r, direction: up, evidence: [r]}
  b: {drugs: x, regimen: acute, occupancy: {target: t, reported: 0.1 - 0.2}}
""",
    References: "references: {a: {title: T, year: 2001, pmid: '1', checked: no}}",
    Targets: "targets: {A: {name: a, class: gpcr, synonyms: [b]}}\nfamilies: {f: {members: [A]}}",
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_value_in_any_place_is_read_or_refused_in_words(data):
    model = data.draw(st.sampled_from(list(WHOLE)))
    document = parse_document(WHOLE[model], model, "own.yaml")
    path = data.draw(st.sampled_from([one for one in document.source.values if one]))
    plain = document.source.data
    for part in path[:-1]:
        plain = plain[part]
    plain[path[-1]] = data.draw(ODD)
    try:
        parse_document(json.dumps(document.source.data), model, "own.yaml")
    except InputError as error:
        assert all(one.line and one.what for one in error.problems)  # noqa: PT017
