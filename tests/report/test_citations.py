"""Sources are numbered as they are cited, those that are peer reviewed first within a claim."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from raphe.cli.main import run
from raphe.evidence import Evidence, Reference, ReferenceKind
from raphe.joint.weight import weight_of
from raphe.report.citations import Citations
from raphe.report.read_words import kind_words

KNOWN = {
    f"{kind.value}-{number}": Reference(title="T", kind=kind, checked="abstract")
    for kind in ReferenceKind
    for number in range(2)
}
cited = st.lists(st.sampled_from([*KNOWN, "never-filed"]), unique=True)


@given(st.lists(cited, max_size=4))
def test_papers_come_first_within_a_claim_and_no_number_changes(claims: list[list[str]]) -> None:
    citations = Citations(KNOWN)
    told = [
        citations.cite(tuple(Evidence(ref=one) for one in claim), f"claim {place}")
        for place, claim in enumerate(claims)
    ]
    expected: list[str] = []
    for claim in claims:
        papers = [one for one in claim if one.startswith(("paper", "review"))]
        rest = [one for one in claim if one not in papers]
        expected += [one for one in papers + rest if one not in expected]
    assert [one.id for one in citations.references] == expected
    assert [one.number for one in citations.references] == list(range(1, len(expected) + 1))
    for claim, numbers in zip(claims, told, strict=True):
        assert numbers == tuple(sorted(expected.index(one) + 1 for one in claim))


@pytest.mark.parametrize("kind", ReferenceKind)
def test_words_of_a_kind_are_its_own(kind: ReferenceKind) -> None:
    words = kind_words(Reference(title="T", kind=kind))
    assert bool(words) == (kind is not ReferenceKind.PAPER)
    assert not (kind.is_peer_reviewed and "not peer reviewed" in words)
    others = [kind_words(Reference(title="T", kind=other)) for other in ReferenceKind]
    assert others.count(words) == 1


@pytest.mark.parametrize("kind", ReferenceKind)
def test_what_is_peer_reviewed_weighs_double(kind: ReferenceKind) -> None:
    sources = {"a": Reference(title="T", kind=kind, checked="abstract")}
    papers = {"a": Reference(title="T", kind="paper", checked="abstract")}
    item = [Evidence(ref="a")]
    times = 1 if kind.is_peer_reviewed else 2
    assert times * weight_of(item, sources) == weight_of(item, papers)


def test_a_vendors_guide_is_called_one_and_stands_behind_the_papers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", "mirtazapine", "DRN.firing", "--draws", "60", "--sentences"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    listed = printed[printed.rindex(" 1. ") :]
    paper, guide = listed.index("de Boer T"), listed.index("BenchChem")
    assert paper < guide
    assert "[vendor's text, not peer reviewed]" in listed[guide:]
    assert "[database]" in listed
