"""Simulates the example data of this folder; nothing in them was measured.

    python docs/assays/make_examples.py [FOLDER]

One seed, same files. The truth behind each file stands in its first lines, so a reader can see how
close the estimates come. Affinities at the noradrenaline transporter are those that Tatsumi et al.
(1997) report (as tabulated in PMC1760736), densities and changes those of raphe's source documents;
everything else (noise, Kd, counts, time courses, doses for 50 % occupancy) is invented.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from raphe.assay.catalogue import calculate

SEED = 1973  # Cheng & Prusoff

#: Ki at the human noradrenaline transporter, nM. Citalopram is beyond the concentrations used.
AFFINITIES = {"desipramine": 0.8, "nortriptyline": 4.4, "citalopram": 4070.0}
RADIOLIGAND, RADIOLIGAND_KD = 1.0, 1.0


def specific_binding(rng: np.random.Generator) -> list[Sequence[object]]:
    """Triplicates of three preparations; the last has no transporter."""
    rows: list[Sequence[object]] = [("sample", "kind", "bound_dpm")]
    truth = {
        "hNET cells": (4200, 480),
        "rat cortex": (1650, 520),
        "untransfected cells": (505, 490),
    }
    for sample, levels in truth.items():
        for kind, level in zip(("total", "nonspecific"), levels, strict=True):
            rows += [(sample, kind, round(rng.normal(level, 0.04 * level))) for _ in range(3)]
    return rows


def competition(rng: np.random.Generator) -> list[Sequence[object]]:
    """Triplicates at ten concentrations of three drugs, six controls, three blanks."""
    rows: list[Sequence[object]] = [("compound", "concentration_nM", "kind", "bound_dpm")]
    total, blank = 4200.0, 480.0
    rows += [("", 0, "total", round(rng.normal(total, 0.04 * total))) for _ in range(6)]
    rows += [("", "", "nonspecific", round(rng.normal(blank, 0.04 * total / 3))) for _ in range(3)]
    for drug, ki in AFFINITIES.items():
        ic50 = ki * (1 + RADIOLIGAND / RADIOLIGAND_KD)
        for dose in (0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000):
            expected = blank + (total - blank) / (1 + dose / ic50)
            for _ in range(3):
                rows.append((drug, dose, "total", round(rng.normal(expected, 0.04 * expected))))
    return rows


def inhibition_constants(folder: Path) -> list[Sequence[object]]:
    """The IC50s that raphe finds in the competition data, with their errors."""
    header = ("compound", "IC50_nM", "IC50_se_nM", "radioligand_nM", "radioligand_se_nM",
              "Kd_nM", "Kd_se_nM")  # fmt: skip
    rows: list[Sequence[object]] = [header]
    for one in calculate("ic50", folder / "ic50.csv").estimates:
        if one.quantity == "IC50" and one.standard_error is not None:
            found = (round(one.value, 3), round(one.standard_error, 3))
            rows.append((one.group, *found, RADIOLIGAND, 0.05, RADIOLIGAND_KD, 0.08))
    return rows


def saturation(rng: np.random.Generator) -> list[Sequence[object]]:
    """Total and non-specific binding of rat cortex, control and desipramine, in triplicate."""
    rows: list[Sequence[object]] = [("sample", "kind", "ligand_nM", "bound_fmol_per_mg_protein")]
    for sample, bmax in (("control", 73.3), ("desipramine 14 d", 40.7)):
        for dose in (0.02, 0.04, 0.08, 0.15, 0.3, 0.5, 0.8, 1.2):
            blank = 14.0 * dose
            for kind, level in (
                ("total", blank + bmax * dose / (0.15 + dose)),
                ("nonspecific", blank),
            ):
                spread = 0.05 * level + 0.3
                for _ in range(3):
                    bound = f"{max(rng.normal(level, spread), 0):.2f}"
                    rows.append((sample, kind, dose, bound))
    return rows


def microdialysis(rng: np.random.Generator) -> list[Sequence[object]]:
    """Noradrenaline of six rats a treatment: four baseline fractions, nine after the drug."""
    rows: list[Sequence[object]] = [("treatment", "animal", "time_min", "dialysate_fmol_per_20_µl")]
    times = [*range(-70, 0, 20), *range(10, 190, 20)]
    for treatment, rise in (("vehicle", 0.0), ("desipramine 10 mg/kg i.p.", 2.1)):
        for animal in range(1, 7):
            baseline = rng.lognormal(np.log(9.0), 0.25)
            gain = rise * rng.lognormal(0.0, 0.18)
            for time in times:
                effect = gain * (1 - np.exp(-time / 35.0)) if time > 0 else 0.0
                level = baseline * (1 + effect) * rng.lognormal(0.0, 0.08)
                name = f"{treatment[0].upper()}{animal}"
                rows.append((treatment, name, time, f"{level:.2f}"))
    return rows


def pet(rng: np.random.Generator) -> list[Sequence[object]]:
    """Four volunteers a dose, two regions."""
    rows: list[Sequence[object]] = [("subject", "region", "dose_mg", "BP_baseline", "BP_drug")]
    subject = 0
    for dose in (1.0, 3.75, 7.5, 15.0, 30.0):
        for _ in range(4):
            subject += 1
            for region, binding, ed50 in (("cortex", 1.35, 2.4), ("amygdala", 1.85, 3.2)):
                baseline = rng.normal(binding, 0.15 * binding)
                occupied = dose / (ed50 + dose)
                drug = baseline * (1 - occupied) + rng.normal(0, 0.06)
                rows.append((f"S{subject:02}", region, dose, f"{baseline:.3f}", f"{drug:.3f}"))
    return rows


def write(path: Path, truth: str, rows: Iterable[Sequence[object]]) -> None:
    """One CSV file, with a first line that nobody can take for a measurement."""
    lines = [f"# SIMULATED by make_examples.py, seed {SEED}: not measured.", f"# Truth: {truth}"]
    lines += [",".join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    """Write the six files."""
    rng = np.random.default_rng(SEED)
    write(
        folder / "specific_binding.csv",
        "total/non-specific 4200/480 dpm; 1650/520; 505/490; noise 4 %",
        specific_binding(rng),
    )
    write(
        folder / "ic50.csv",
        "IC50 = 2 Ki; Ki desipramine 0.8, nortriptyline 4.4, citalopram 4070 nM; Hill slope 1; "
        "noise 4 %",
        competition(rng),
    )
    write(
        folder / "cheng_prusoff.csv",
        "IC50s are the estimates from ic50.csv; Ki as there",
        inhibition_constants(folder),
    )
    write(
        folder / "saturation_binding.csv",
        "Bmax 73.3 and 40.7 fmol/mg protein; Kd 0.15 nM; non-specific 14 per nM; noise 5 %",
        saturation(rng),
    )
    write(
        folder / "percent_of_baseline.csv",
        "vehicle without effect; desipramine to 310 %, time constant 35 min; noise 8 %",
        microdialysis(rng),
    )
    write(
        folder / "occupancy.csv",
        "ED50 cortex 2.4 mg, amygdala 3.2 mg; maximum 100 %; noise 0.06 in BP",
        pet(rng),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
