"""Drugs that should not be given together, by mechanism, and drugs that do not enter the brain."""

import json
from itertools import combinations

import pytest

from raphe.augmentation import augment
from raphe.cli.main import run
from raphe.contraindication import contraindications, reached
from raphe.drug import Action
from raphe.knowledge import load_knowledge
from raphe.settings import setting
from raphe.treatment import administer

KNOWN = load_knowledge()
#: What textbooks of pharmacology call inhibitors of MAO-A, and of the uptake of 5-HT.
MAO = {"tranylcypromine", "phenelzine", "moclobemide", "clorgyline", "befloxatone", "pargyline"}
SSRI = {"fluoxetine", "sertraline", "paroxetine", "citalopram", "escitalopram", "fluvoxamine"}


def found(*names, doses=None):
    given = [administer(KNOWN.drug(name), (doses or {}).get(name, "")) for name in names]
    return contraindications(given, KNOWN.targets)


def titles(*names):
    return {one.caution.title for one in found(*names)}


def test_every_mao_a_inhibitor_with_every_ssri():
    for mao in sorted(MAO):
        for other in sorted(SSRI):
            assert "serotonin syndrome" in titles(mao, other), (mao, other)
            assert "serotonin syndrome" in titles(other, mao), (mao, other)


def test_none_without_an_mao_a_inhibitor():
    names = [name for name in KNOWN.names("drugs") if name not in MAO]
    assert not found(*names)


def test_releasers_and_noradrenaline_uptake():
    assert titles("mdma", "moclobemide") == {"serotonin syndrome", "hypertensive crisis"}
    assert titles("amphetamine", "phenelzine") == {"serotonin syndrome", "hypertensive crisis"}
    assert titles("methylphenidate", "tranylcypromine") == {"hypertensive crisis"}
    assert not titles("mirtazapine", "tranylcypromine")
    assert not titles("tranylcypromine")


def test_inhibitors_of_monoamine_oxidase_with_each_other_and_with_the_precursor():
    for one, other in combinations(sorted({*MAO, "selegiline"}), 2):
        assert titles(one, other) == {"hypertensive crisis"}, (one, other)
        assert len(found(one, other)) == 1, (one, other)
    for one in sorted(MAO):
        assert titles(one, "l-dopa") == {"hypertensive crisis"}, one
    # Given together in Parkinson's disease.
    assert not titles("selegiline", "l-dopa")
    assert not titles("tolcapone", "l-dopa")


def test_reach_is_occupancy_written_out_and_grows_with_the_dose():
    caution = KNOWN.targets.cautions["serotonin-syndrome-uptake"]
    mechanism = caution.between[1]
    tried = 0
    for name in KNOWN.names("drugs"):
        drug = KNOWN.drug(name)
        rows = [row for row in drug.targets.get("SLC6A4", ()) if row.is_used]
        rows = [row for row in rows if row.action is Action.INHIBITOR]
        if rows and all(row.affinity for row in rows):
            high = drug.exposure[drug.usual_exposure].free.high
            expected = max(high / (high + row.affinity.low) for row in rows)
            assert reached(administer(drug), mechanism, KNOWN.targets) == pytest.approx(expected)
            tried += any(row.affinity.low < row.affinity.high for row in rows)
    assert tried > 3
    assert found("atomoxetine", "phenelzine")
    few = found("atomoxetine", "phenelzine", doses={"atomoxetine": "0.01 nM"})
    assert not few


def test_a_pair_is_told_once_and_a_reference_is_known():
    pairs = found(*sorted(MAO | SSRI))
    keys = [(one.name, frozenset(given.drug.name for given in one.drugs)) for one in pairs]
    assert len(keys) == len(set(keys))
    for one in pairs:
        assert one.references
        assert set(one.references) <= set(KNOWN.references)
    wanted = {frozenset((a, b)) for a, b in combinations(sorted(MAO | SSRI), 2)}
    mixed = {one for one in wanted if len(one & MAO) == 1}
    assert {key[1] for key in keys} >= mixed


def test_augment_leaves_them_out_unless_asked():
    few = setting(draws=20)
    made = augment("fluoxetine", up="cortex.5-HT", within=few)
    assert set(made.cautioned) == MAO
    assert set(made.peripheral) == {"atenolol", "isoproterenol", "phenylephrine"}
    whole = augment(
        "fluoxetine", up="cortex.5-HT", within=few, with_cautioned=True, with_peripheral=True
    )
    assert whole.cautioned == whole.peripheral == ()
    kept = {one.drug.name for one in whole.additions} - {one.drug.name for one in made.additions}
    assert kept == MAO | set(made.peripheral)
    assert whole.cautions_with(whole["phenelzine"].given)
    assert not whole.cautions_with(whole["olanzapine"].given)


def test_the_commands_say_it(capsys):
    arguments = ["augment", "fluoxetine", "--up", "cortex.5-HT", "--draws", "20"]
    assert run(arguments) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Left out, contraindicated together: befloxatone" in out
    assert "(serotonin syndrome [gillman-2005]). That list is not complete." in out
    assert "Left out, since they do not enter the brain: atenolol" in out
    assert run([*arguments, "--with-cautioned"]) == 0
    assert "Tranylcypromine †" in capsys.readouterr().out
    pair = ["predict", "fluoxetine", "tranylcypromine", "--draws", "20"]
    assert run(pair) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("contraindicated together: serotonin syndrome") == 1
    assert run([*pair, "--json"]) == 0
    (caution,) = json.loads(capsys.readouterr().out)["cautions"]
    assert set(caution["drugs"]) == {"fluoxetine", "tranylcypromine"}
    assert run(["predict", "isoproterenol", "--draws", "20"]) == 0
    alone = " ".join(capsys.readouterr().out.split())
    assert alone.count("hardly, enter the brain") == 1
    assert "Caution" not in alone


def test_a_report_says_it(tmp_path):
    arguments = ["report", "phenelzine", "isoproterenol", "sertraline", "--draws", "20"]
    assert run([*arguments, "--output", str(tmp_path)]) == 0
    for path in (*tmp_path.glob("*.md"), *tmp_path.glob("*.html")):
        text = path.read_text("utf-8")
        assert "contraindicated together" in text, path
        assert "hardly, enter the brain" in text, path


def test_validate_names_a_target_that_nobody_declares(tmp_path, capsys):
    (tmp_path / "drugs").mkdir()
    (tmp_path / "targets.yaml").write_text(
        "cautions:\n  own:\n    title: Own\n    reach: 0.2\n    between:\n"
        "      - {target: MAOX, actions: [inhibitor]}\n"
        "      - {target: SLC6A4, actions: [inhibitor]}\n"
        "    evidence: [{assumption: mine}]\n",
        "utf-8",
    )
    assert run(["validate", str(tmp_path)]) != 0
    captured = capsys.readouterr()
    assert "MAOX" in captured.out + captured.err
