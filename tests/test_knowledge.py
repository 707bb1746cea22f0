import shutil

import pytest

from raphe.composition import compose, compose_cascade
from raphe.errors import InputError
from raphe.knowledge import COLLECTED, KEYS, NAMED, Knowledge, library_folder, load_knowledge

DRUG = """\
drug: {name}
title: {title}
synonyms: [{synonym}]
targets:
  ADRA2A: {{action: antagonist, Ki: {ki}, evidence: [{{assumption: an example}}]}}
exposure:
  usual: {{free: 60 nM, evidence: [{{assumption: an example}}]}}
"""


@pytest.fixture(scope="module")
def library():
    return load_knowledge()


@pytest.fixture
def own(tmp_path):
    """Writes files into a folder of one's own."""

    def write(**files):
        for path, text in files.items():
            file = tmp_path / "own" / path.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.with_suffix(".yaml").write_text(text, "utf-8")
        return tmp_path / "own"

    return write


def refusal(ask, *arguments):
    with pytest.raises(InputError) as raised:
        ask(*arguments)
    return str(raised.value)


def test_everything_in_the_library_is_read(library):
    for kind in (*NAMED, *COLLECTED, "targets"):
        assert library.names(kind) == sorted(library.names(kind))
        assert library.names(kind)
    for kind in NAMED:
        for name in library.names(kind):
            assert library.document(kind, name).value.name == name


def test_every_pathway_of_the_library_is_composed(library):
    for name in library.names("circuits"):
        assert compose(library.circuit(name), library.cascade).nodes
    for name in library.names("cascades"):
        assert compose_cascade(library.cascade(name), library.cascade).edges


def test_a_drug_answers_to_all_its_names(library):
    desipramine = library.drug("desipramine")
    for name in ("Desipramine", "DESIPRAMINE", "DMI", "desmethylimipramine"):
        assert library.drug(name) is desipramine


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda one: one.drug("desipramin"), "no drug 'desipramin'. Did you mean 'desipramine'"),
        (
            lambda one: one.drug("zzz"),
            "no drug 'zzz'. 'raphe list drugs' names those that there are, "
            "'raphe new drug' begins another.",
        ),
        (lambda one: one.circuit("monoamin"), "no circuit 'monoamin'. Did you mean 'monoamine'"),
        (lambda one: one.cascade("gss"), "no cascade 'gss'. Did you mean 'gs'"),
        (lambda one: one.condition("pcp"), "no condition 'pcp'. Did you mean 'pcpa'"),
        (lambda one: one.names("drug"), "no kind 'drug'. Did you mean 'drugs'?"),
        (
            lambda one: one.names("zzz"),
            "no kind 'zzz'. It is one of cascades, circuits, conditions,",
        ),
    ],
)
def test_a_name_that_is_not_there_offers_the_nearest(library, ask, message):
    assert refusal(ask, library).startswith(message)


def test_own_files_extend_the_library(own):
    folder = own(drugs__mine=DRUG.format(name="mine", title="Mine", synonym="M-1", ki="18 nM"))
    knowledge = load_knowledge([folder])
    assert knowledge.drug("m-1").title == "Mine"
    assert knowledge.drug("mirtazapine").name == "mirtazapine"


def test_own_files_override_the_library_and_earlier_folders(own, tmp_path):
    text = DRUG.format(name="mirtazapine", title="Mine", synonym="M-1", ki="18 nM")
    first = own(drugs__mirtazapine=text)
    second = tmp_path / "second"
    shutil.copytree(first, second)
    (second / "drugs" / "mirtazapine.yaml").write_text(text.replace("Mine", "Later"), "utf-8")
    assert load_knowledge([first]).drug("mirtazapine").title == "Mine"
    assert load_knowledge([first, second]).drug("mirtazapine").title == "Later"
    assert load_knowledge([second, first]).drug("mirtazapine").title == "Mine"


def test_references_targets_and_findings_override_one_by_one(own, library):
    file = sorted((library_folder() / "references").glob("*.yaml"))[0].stem
    known = library.names("references")[0]
    text = f"references:\n  {known}: {{title: Mine}}\n  mine: {{title: Mine}}\n"
    folder = own(
        **{f"references__{file}": text},
        targets="targets: {ADRA2A: {name: mine}, MINE: {name: mine}}\n"
        "families: {alpha2: {members: [MINE]}}",
    )
    knowledge = load_knowledge([folder])
    assert knowledge.references[known].title == "Mine"
    assert knowledge.names("references") == sorted([*library.names("references"), "mine"])
    assert knowledge.targets.targets["ADRA2A"].name == "mine"
    assert knowledge.targets.symbols("alpha2") == ("MINE",)
    assert knowledge.targets.targets["SLC6A2"] == library.targets.targets["SLC6A2"]


def test_an_id_stands_once_in_a_folder(own):
    folder = own(
        references__a="references: {x: {title: A}}", references__b="references: {x: {title: B}}"
    )
    message = refusal(lambda: load_knowledge([folder]).references)
    assert message == (
        f"{folder}/references/b.yaml:1:14: reference 'x' stands here a second time. "
        f"The first is in {folder}/references/a.yaml; rename or remove one."
    )


def test_a_file_has_the_name_of_what_it_declares(own):
    folder = own(drugs__mine=DRUG.format(name="yours", title="Mine", synonym="M-1", ki="18 nM"))
    assert refusal(load_knowledge([folder]).drug, "mine") == (
        f"{folder}/drugs/mine.yaml:1:7: the drug is named 'yours', its file 'mine.yaml'. "
        "Give both the same name."
    )


def test_a_mistake_in_one_file_does_not_stop_another(own):
    folder = own(drugs__mine="drug: mine")
    knowledge = load_knowledge([folder])
    assert knowledge.document("drugs", "mirtazapine")
    assert "'targets' is missing" in refusal(knowledge.document, "drugs", "mine")


def test_a_folder_that_holds_no_knowledge_is_refused(tmp_path):
    message = refusal(load_knowledge, [tmp_path / "none", tmp_path])
    assert f"no folder '{tmp_path / 'none'}'." in message
    assert f"'{tmp_path}' holds no knowledge." in message


def test_files_are_named_as_the_user_named_them(own, monkeypatch):
    folder = own(drugs__mine="drug: mine")
    monkeypatch.chdir(folder.parent)
    knowledge = load_knowledge(["own"])
    assert knowledge.shown(knowledge.folders[1] / "drugs" / "mine.yaml") == "own/drugs/mine.yaml"
    assert knowledge.shown(library_folder() / "drugs" / "x.yaml") == "pathways/drugs/x.yaml"


def test_every_file_is_listed_with_what_it_declares(own):
    folder = own(drugs__mirtazapine="drug: mirtazapine", targets="targets: {}")
    listed = dict(load_knowledge([folder]).files())
    assert listed[folder / "drugs" / "mirtazapine.yaml"] is NAMED["drugs"]
    assert listed[library_folder() / "drugs" / "mirtazapine.yaml"] is NAMED["drugs"]
    assert folder / "targets.yaml" in listed


def test_knowledge_is_extended_by_folders_that_it_has_not(own):
    folder = own(drugs__mine="drug: mine")
    knowledge = Knowledge((library_folder(),))
    extended = knowledge.extended_by([folder, folder.parent / "own", library_folder()])
    assert extended.folders == (library_folder(), folder)
    assert extended.drug("mirtazapine") == knowledge.drug("mirtazapine")
    assert "mine" in extended.names("drugs")
    assert "mine" not in knowledge.names("drugs")


def test_every_kind_says_by_a_key_what_it_is():
    for kind, model in {**NAMED, **COLLECTED}.items():
        assert KEYS[kind] in model.model_fields
