"""What comes out: tables, JSON, files, pictures; the same bytes every time."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from raphe.assay import extra
from raphe.assay.catalogue import CALCULATIONS, calculate, describe
from raphe.assay.estimate import Estimate
from raphe.assay.picture import Legend, Picture, Points
from raphe.assay.plot import render_png, render_svg
from raphe.assay.report import (
    SCHEMA,
    Report,
    Series,
    series_to_csv,
    to_csv,
    to_dict,
    to_json,
    to_text,
    write_report,
)
from raphe.errors import InputError, UnavailableError

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "assays"
ALL = sorted(CALCULATIONS)


def report_of(name: str) -> Report:
    return calculate(name, EXAMPLES / f"{name}.csv")


def estimate(report: Report, group: str, quantity: str) -> Estimate:
    return next(one for one in report.estimates if (one.group, one.quantity) == (group, quantity))


def test_the_examples_are_what_their_script_makes(tmp_path: Path) -> None:
    script = EXAMPLES / "make_examples.py"
    (tmp_path / "docs").mkdir()
    subprocess.run([sys.executable, str(script), str(tmp_path / "docs")], check=True)
    for name in ALL:
        made = (tmp_path / "docs" / f"{name}.csv").read_text(encoding="utf-8")
        assert made == (EXAMPLES / f"{name}.csv").read_text(encoding="utf-8")
        assert made.startswith("# SIMULATED")


@pytest.mark.parametrize("name", ALL)
def test_the_page_shows_the_true_output(name: str) -> None:
    page = (DOCS / "assays.md").read_text(encoding="utf-8")
    assert f"$ raphe assay {name} docs/assays/{name}.csv\n{to_text(report_of(name))}" in page
    for column in CALCULATIONS[name].columns:
        assert f"`{column.header}`" in page


@pytest.mark.parametrize(
    ("name", "group", "quantity", "truth"),
    [
        ("specific_binding", "hNET cells", "specific", 3720),
        ("specific_binding", "rat cortex", "specific", 1130),
        ("specific_binding", "untransfected cells", "specific", 15),
        ("ic50", "desipramine", "IC50", 1.6),
        ("ic50", "nortriptyline", "IC50", 8.8),
        ("cheng_prusoff", "desipramine", "Ki", 0.8),
        ("cheng_prusoff", "nortriptyline", "Ki", 4.4),
        ("saturation_binding", "control", "Bmax", 73.3),
        ("saturation_binding", "desipramine 14 d", "Bmax", 40.7),
        ("saturation_binding", "control", "Kd", 0.15),
        ("percent_of_baseline", "vehicle", "mean response", 100),
        ("occupancy", "cortex", "ED50", 2.4),
        ("occupancy", "amygdala", "ED50", 3.2),
    ],
)
def test_the_examples_hold_their_truth(name: str, group: str, quantity: str, truth: float) -> None:
    low, high = estimate(report_of(name), group, quantity).interval
    assert low <= truth <= high


def test_the_example_beyond_the_concentrations_is_a_bound() -> None:
    found = estimate(report_of("ic50"), "citalopram", "IC50")
    assert (found.relation, found.value) == (">", 1000)


@pytest.mark.parametrize("name", ALL)
def test_json_is_plain_and_versioned(name: str) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    data = json.loads(to_json(report_of(name)), parse_constant=refuse)
    assert data == json.loads(json.dumps(to_dict(report_of(name))))
    assert data["schema"] == SCHEMA
    assert data["calculation"] == name
    assert data["data"] == f"{name}.csv"
    assert data["estimates"][0].keys() == {
        "group", "quantity", "relation", "value", "standard_error", "interval_95", "unit", "note",
    }  # fmt: skip
    assert all(len(row) == len(data["series"]["columns"]) for row in data["series"]["rows"])


@pytest.mark.parametrize("name", ALL)
def test_csv_holds_the_unrounded_numbers(name: str) -> None:
    report = report_of(name)
    rows = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert len(rows) == len(report.estimates)
    for row, one in zip(rows, report.estimates, strict=True):
        assert row["value"] == ("" if np.isnan(one.value) else repr(one.value))
    assert len(series_to_csv(report).splitlines()) == len(report.series.rows) + 1


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_rows_is_immaterial(name: str, tmp_path: Path) -> None:
    lines = (EXAMPLES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    rows = lines[3:]
    np.random.default_rng(4).shuffle(rows)
    path = tmp_path / f"{name}.csv"
    path.write_text("\n".join([*lines[:3], *rows]), encoding="utf-8")
    before = {(one.group, one.quantity): one for one in report_of(name).estimates}
    after = {(one.group, one.quantity): one for one in calculate(name, path).estimates}
    assert after.keys() == before.keys()
    for key, one in before.items():
        assert str(after[key]) == str(one)


@pytest.mark.parametrize("name", ALL)
def test_pictures_are_the_same_bytes_in_another_process(name: str, tmp_path: Path) -> None:
    here = write_report(report_of(name), tmp_path / "here")
    code = (
        "import sys; from raphe.assay.catalogue import calculate;"
        "from raphe.assay.report import write_report;"
        "write_report(calculate(sys.argv[1], sys.argv[2]), sys.argv[3])"
    )
    there = tmp_path / "there"
    arguments = [sys.executable, "-c", code, name, str(EXAMPLES / f"{name}.csv"), str(there)]
    subprocess.run(arguments, check=True)
    assert [path.suffix for path in here] == [".txt", ".csv", ".csv", ".json", ".svg", ".png"]
    for path in here:
        assert path.read_bytes() == (there / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", ALL)
def test_svg_is_well_formed_and_says_what_it_shows(name: str) -> None:
    report = report_of(name)
    svg = render_svg(report.picture)
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].startswith(report.picture.title)
    text = " ".join(root.itertext())
    assert report.picture.x_label in text
    assert report.picture.y_label in text
    for legend in report.picture.legends:
        assert all(line in text for line in (legend.name, *legend.lines))
    assert "dc:date" not in svg
    assert "DOCTYPE" not in svg
    assert not re.search(r"(href|src)=\"(?!#)", svg)


@pytest.mark.parametrize("name", ALL)
def test_axes_bear_units(name: str) -> None:
    picture = report_of(name).picture
    for label, names in ((picture.x_label, picture.x_names), (picture.y_label, picture.y_names)):
        assert names or re.search(r"\(.+\)$", label), label


def test_text_from_files_is_not_a_formula_or_markup() -> None:
    name = r"<b>$\frac{a}{$ & _x"
    picture = Picture(
        name, "", "x (nM)", "y", (Points(0, (1.0,), (1.0,)),), legends=(Legend(0, name, (name,)),),
        x_names=(name,),
    )  # fmt: skip
    text = " ".join(ElementTree.fromstring(render_svg(picture)).itertext())
    assert text.count(name) >= 3
    assert render_png(picture).startswith(b"\x89PNG")


def test_the_users_matplotlib_settings_do_not_show() -> None:
    import matplotlib as mpl

    picture = report_of("occupancy").picture
    before = render_png(picture)
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "red"}):
        assert render_png(picture) == before
        assert mpl.rcParams["font.size"] == 30


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    empty = Series(("name",), (("=1+1",), ("-x",), ("@a",), ("cortex",)))
    report = report_of("occupancy")
    text = series_to_csv(Report("x", "", "", "", "", "", {}, (), empty, (), report.picture))
    assert text.splitlines()[1:] == ["'=1+1", "'-x", "'@a", "cortex"]


def test_files_are_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(UnavailableError, match="no space left on device"):
        write_report(report_of("occupancy"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="cannot be written to"):
        write_report(report_of("occupancy"), tmp_path / "file")


@pytest.mark.parametrize("library", ["scipy", "matplotlib"])
def test_a_missing_library_is_named_with_its_remedy(
    library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in [one for one in sys.modules if one.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UnavailableError) as caught:
        write_report(report_of("ic50"), tmp_path)
    assert str(caught.value) == f'{library} is not installed. Run: pip install "raphe[assay]"'


def test_importing_the_room_loads_neither_scipy_nor_matplotlib() -> None:
    code = (
        "import sys, raphe.assay.catalogue;"
        "assert not {'scipy', 'matplotlib'} & set(sys.modules), 'loaded at import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_error_inside_a_library_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise ModuleNotFoundError("No module named 'other'", name="other")

    monkeypatch.setattr(extra.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="other"):
        extra.require("scipy.special")


def test_ki_and_ic50_agree_through_their_files(tmp_path: Path) -> None:
    """nM and µM give the same Ki."""
    text = (EXAMPLES / "cheng_prusoff.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()[2:]
    micro = [header.replace("IC50_nM", "IC50_uM").replace("IC50_se_nM", "IC50_se_uM")]
    for row in rows:
        name, ic50, error, *rest = row.split(",")
        micro.append(",".join([name, f"{float(ic50) / 1000}", f"{float(error) / 1000}", *rest]))
    path = tmp_path / "micro.csv"
    path.write_text("\n".join(micro))
    one = estimate(report_of("cheng_prusoff"), "desipramine", "Ki")
    other = estimate(calculate("cheng-prusoff", path), "desipramine", "Ki")
    assert other.unit == "µM"
    assert other.value * 1000 == pytest.approx(one.value)
    assert other.standard_error * 1000 == pytest.approx(one.standard_error)


def test_settings_reach_the_fit_and_the_report() -> None:
    report = calculate("ic50", EXAMPLES / "ic50.csv", {"hill": "1", "bottom": "0"})
    assert to_dict(report)["settings"] == {"hill": 1.0, "top": None, "bottom": 0.0}
    assert estimate(report, "desipramine", "Hill slope").note == "fixed"
    free = calculate("saturation_binding", EXAMPLES / "saturation_binding.csv", {"hill": "free"})
    assert estimate(free, "control", "Hill slope").standard_error is not None


def test_what_was_not_used_is_among_the_remarks(tmp_path: Path) -> None:
    path = tmp_path / "pet.csv"
    path.write_text("region,BP_baseline,BP_drug,scanner\ncortex,2,1,A\n")
    assert "Column 'scanner' is not used." in to_text(calculate("occupancy", path))


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no calculation 'ic5'\. Did you mean 'ic50'\?"):
        calculate("ic5", EXAMPLES / "ic50.csv")
    with pytest.raises(InputError) as caught:
        calculate("ic50", EXAMPLES / "ic50.csv", {"hil": "1", "hill": "steep", "top": "inf"})
    assert str(caught.value) == (
        "no setting 'hil'. Did you mean 'hill'?\n"
        "hill: 'steep' is not a number above 0. Write hill=1 or hill=free.\n"
        "top: 'inf' is not a number. Write top=1 or top=free."
    )
    with pytest.raises(InputError, match="This calculation has none"):
        calculate("cheng_prusoff", EXAMPLES / "cheng_prusoff.csv", {"hill": "1"})


@pytest.mark.parametrize("name", ALL)
def test_each_calculation_describes_itself(name: str) -> None:
    calculation = CALCULATIONS[name]
    assert calculation.name == name
    text = describe(calculation)
    for part in (calculation.about, calculation.formula, calculation.citation):
        assert part in text
