"""A knowledge base so small that its score is known by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from raphe.knowledge import Knowledge
from strategies_networks import Sketch

#: b follows a, c does the contrary, d hears neither, e hears both in two ways that cancel.
CIRCUIT = Sketch(
    dict.fromkeys("abcde", ("process", 0.5)),
    {"a -> b": 0.8, "a -| c": 0.8, "a -> e": 0.5, "b -| e": 0.5},
    extra={
        "a": {"tone": "0.4 - 0.6"},
        "a -> e": {"strength": "0.2 - 1.0"},
        "b -| e": {"strength": "0.3 - 1.2"},
    },
)
DRUGS = {
    "raiser": ("agonist", "stimulant (first kind)"),
    "riser": ("agonist", "stimulant (second kind)"),
    "lowerer": ("antagonist", "sedative"),
    "namelessine": ("antagonist", ""),
}


def _of(drug: str, readout: str, direction: str, **more: Any) -> dict[str, Any]:
    return {"drugs": [drug], "regimen": "acute", "readout": readout, "direction": direction, **more}


#: What each is called is written behind it.
FINDINGS: dict[str, dict[str, Any]] = {
    "up-right": _of("raiser", "b", "up", seen="never", evidence=["one"]),  # up
    "up-right-too": _of("riser", "b", "up", seen="tuning", evidence=["two"]),  # up
    "up-opposite": _of("raiser", "c", "up", seen="never"),  # down
    "down-right": _of("lowerer", "b", "down", seen="never"),  # down
    "down-opposite": _of("lowerer", "c", "down", seen="development"),  # up
    "same-right": _of("raiser", "d", "unchanged", seen="tuning", evidence=["one"]),  # unchanged
    "same-wrong": _of("namelessine", "b", "unchanged"),  # down
    "up-missed": _of(
        "raiser", "d", "up", seen="never", evidence=["two"], disputed=True
    ),  # unchanged
    "up-open": _of("raiser", "e", "up", seen="never"),  # ambiguous
    "both": {**_of("raiser", "b", "up", seen="never"), "drugs": ["raiser", "riser"]},  # up
    "alone": {
        "condition": "low",
        "regimen": "chronic",
        "readout": "b",
        "direction": "down",
    },  # down
    "back": {
        **_of("raiser", "b", "normalised", seen="never"),
        "condition": "low",
        "regimen": "chronic",
    },
    "filled": {
        "drugs": ["lowerer"],
        "regimen": "acute",
        "occupancy": {"target": "T.a", "reported": "85 - 95 %"},
        "seen": "never",
    },
    "nowhere": _of("raiser", "z", "up", seen="never"),
    "outside": _of("raiser", "b", "up", seen="never", outside="nobody has it"),
}


def write_knowledge(folder: Path) -> Knowledge:
    """The same as files."""
    _write(folder, "circuits", "random", CIRCUIT.declared())
    for name, (action, kind) in DRUGS.items():
        drug = {
            "drug": name,
            "title": name,
            "class": kind,
            "targets": {"T.a": {"action": action, "Ki": "1 nM"}},
            "exposure": {"usual": {"free": "9 nM"}},
        }
        _write(folder, "drugs", name, drug)
    low = {"perturbs": {"b": {"direction": "down", "strength": "0.3"}}}
    _write(folder, "conditions", "low", {"condition": "low", "title": "Low", **low})
    _write(folder, "findings", "all", {"findings": FINDINGS})
    return Knowledge((folder,))


def _write(folder: Path, kind: str, name: str, declared: dict[str, Any]) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.yaml").write_text(json.dumps(declared), encoding="utf-8")
