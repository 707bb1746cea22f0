"""Two small knowledge bases of which is known by hand what can be learnt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from raphe.knowledge import Knowledge
from strategies_networks import Sketch

#: e hears a straight, and over b, which a blocker silences by degrees: how much of b must be
#: blocked until e rises tells the ratio of two unknown weights, and how faint a push of a still
#: counts tells their size.
SCALES = Sketch(
    {
        "a": ("process", 0.1),
        "b": ("process", 0.0),
        "e": ("process", 0.5),
        "f": ("process", 0.5),
    },
    {"a -> b": 0.9, "a -> e": 0.5, "b -| e": 0.5, "a -> f": 0.5},
    extra={
        "a -> e": {"strength": "0.1 - 1.1", "evidence": [{"assumption": "straight"}]},
        "b -| e": {"strength": "0.1 - 1.1", "evidence": [{"assumption": "over b"}]},
        "a -> f": {"strength": "0.1 - 1.1"},
    },
)
#: In units of 1 nM: what occupies 5, 20 and 50 % of a; 0 to 80 % of b.
PUSHES = {"0.05 nM": "raiser", "0.25 nM": "riser", "1 nM": "raiser"}
BLOCKS = ("", "0.25 nM", "0.667 nM", "1.5 nM", "4 nM")

#: q follows m, and more weakly does the contrary of n. Whether s reaches m, and whether it reaches
#: n, are two open questions: of two edges, each is there in half of the draws.
OPEN = Sketch(
    dict.fromkeys("smnq", ("firing", 0.5)),
    {"s -> m": 1.0, "s -> n": 1.0, "m -> q": 0.8, "n -| q": 0.4},
    extra={"s -> m": {"contested": "first"}, "s -> n": {"contested": "second"}},
)


def write_scales(folder: Path) -> Knowledge:
    """A circuit with two unknown weights, and findings that tell of them."""
    findings = {}
    for push, drug in PUSHES.items():
        for block in BLOCKS:
            drugs = {drug: {"exposure": push}}
            if block:
                drugs["blocker"] = {"exposure": block}
            name = f"push-{push.split()[0]}-block-{block.split()[0] if block else 0}"
            findings[name.replace(".", "_")] = {
                "drugs": drugs,
                "regimen": "acute",
                "readout": "e",
                "direction": "up",
            }
    drugs = {
        "raiser": ("T.a", "agonist"),
        "riser": ("T.a", "agonist"),
        "blocker": ("T.b", "antagonist"),
    }
    return _write(folder, {**SCALES.declared(), "readouts": ["e", "f"]}, drugs, findings)


def write_open(folder: Path) -> Knowledge:
    """A circuit with two open questions, and a drug that pushes on both edges."""
    findings = {
        "seen": {"drugs": ["raiser"], "regimen": "acute", "readout": "m", "direction": "up"},
    }
    references = {
        name: {"title": name, "year": 1990}
        for name in ("first", "second", "not-first", "not-second")
    }
    declared = {**OPEN.declared(), "readouts": ["q"]}
    for edge in declared["edges"]:
        for attributes in edge.values():
            if question := attributes.get("contested"):
                attributes["evidence"] = [
                    {"ref": question},
                    {"ref": f"not-{question}", "against": True},
                ]
    return _write(folder, declared, {"raiser": ("T.s", "agonist")}, findings, references)


def _write(
    folder: Path,
    circuit: dict[str, Any],
    drugs: dict[str, tuple[str, str]],
    findings: dict[str, Any],
    references: dict[str, Any] | None = None,
) -> Knowledge:
    files: dict[str, Any] = {"circuits/random": circuit, "findings/all": {"findings": findings}}
    for name, (target, action) in drugs.items():
        files[f"drugs/{name}"] = {
            "drug": name,
            "title": name,
            "class": action,
            "targets": {target: {"action": action, "Ki": "1 nM"}},
            "exposure": {"usual": {"free": "1 nM"}},
        }
    if references:
        files["references/all"] = {"references": references}
    for name, declared in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(declared), encoding="utf-8")
    return Knowledge((folder,))
