"""Hypothesis strategies: small pathways as a user would write them, and YAML documents."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

from raphe.formats.documents import Document, parse_document
from raphe.grades import STRENGTHS
from raphe.kinds import NodeKind
from raphe.pathway import ARROWS, Cascade, Circuit

#: Five nodes at most: readable when one fails.
NAMES = ("LC", "NE", "alpha2A", "5-HT", "DRN.firing")
#: Kinds that need no tone.
KINDS = tuple(kind.value for kind in NodeKind if kind is not NodeKind.RECEPTOR)

Plain = dict[str, Any]


def as_yaml(plain: Any) -> str:
    """YAML text of plain values: JSON is YAML 1.2."""
    return json.dumps(plain, ensure_ascii=False, indent=1)


def as_cascade(plain: Plain) -> Document[Cascade]:
    """A cascade as it is read from a file of its name."""
    return parse_document(as_yaml(plain), Cascade, f"{plain['pathway']}.yaml")


def as_circuit(plain: Plain) -> Document[Circuit]:
    """A circuit as it is read from a file of its name."""
    return parse_document(as_yaml(plain), Circuit, f"{plain['circuit']}.yaml")


@st.composite
def nodes(draw: st.DrawFn) -> Plain:
    """Some nodes, by name."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    return {name: {"kind": draw(st.sampled_from(KINDS))} for name in names}


@st.composite
def edges(draw: st.DrawFn, names: list[str]) -> list[Any]:
    """Some edges between nodes, bare or with attributes, none of them twice."""
    ends = st.sampled_from(names)
    chosen = draw(
        st.lists(
            st.tuples(ends, st.sampled_from(list(ARROWS)), ends),
            max_size=6,
            unique_by=lambda edge: (edge[0], edge[1][0], edge[2]),
        )
    )
    written: list[Any] = []
    for source, arrow, target in chosen:
        strength = draw(st.sampled_from(["", *STRENGTHS]))
        text = f"{source} {arrow} {target}"
        written.append({text: {"strength": strength}} if strength else text)
    return written


@st.composite
def cascades(draw: st.DrawFn) -> Plain:
    """A cascade of one parameter, which at least one edge leaves."""
    own = draw(nodes())
    first = {f"receptor -> {next(iter(own))}": {"strength": "weak"}}
    return {
        "pathway": "own",
        "title": "Own",
        "parameters": {"receptor": "what is bound"},
        "nodes": own,
        "edges": [first, *draw(edges(list(own)))],
    }


@st.composite
def circuits(draw: st.DrawFn) -> Plain:
    """A circuit without includes."""
    own = draw(nodes())
    return {"circuit": "own", "title": "Own", "nodes": own, "edges": draw(edges(list(own)))}


#: Text as people and machines write it, and what YAML has special meanings for.
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(
        ["no", "on", "yes", "null", "~", "true", "0x1f", "1_000", "1:20", "- a", "a: b"]
    ),
    st.text(" :-#,[]{}'\"&*!|>%@`?\n\t", max_size=6),
)
#: Texts that YAML 1.1 may leave without quotes, and that are numbers in 1.2.
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
#: Plain values whose meaning is the same in YAML 1.1 and 1.2.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS.filter(lambda text: not _NUMBER.fullmatch(text)),
)
VALUES = st.recursive(
    SCALARS,
    lambda child: st.one_of(st.lists(child, max_size=4), st.dictionaries(TEXTS, child, max_size=4)),
    max_leaves=12,
)
