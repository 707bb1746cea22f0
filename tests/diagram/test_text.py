"""Words are made safe without being changed more than they must."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raphe.diagram.font import measure
from raphe.diagram.svg import element, write_svg
from raphe.diagram.text import clean, is_gene_symbol, key, wrap

ANY = st.text(st.characters(codec=None, categories=None, exclude_categories=()), max_size=40)


@given(ANY)
@example("\ud800 \x00\x1b ]]> & < \u202e evil")
def test_clean_text_survives_xml(text: str) -> None:
    assert (fromstring(write_svg(element("text", {}, text=clean(text)))).text or "") == clean(text)


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text", ["5-HT₁A", "α₂A-AR", "Ca²⁺", "<script>", 'a "b" c', "a\\N", "&amp;"]
)
def test_what_can_be_drawn_stays(text: str) -> None:
    assert clean(text) == text


def test_text_cannot_turn_itself_around() -> None:
    assert clean("up\u202enwod") == "up\ufffdnwod"


@given(st.lists(st.sampled_from(["NA", "release", "5-HT", "autoreceptor"]), max_size=12))
def test_wrapping_keeps_every_word_and_the_width(words: list[str]) -> None:
    lines = wrap(" ".join(words), 80, 10)
    assert " ".join(lines) == " ".join(words)
    assert all(measure(line, 10) <= 80 or " " not in line for line in lines)


@given(ANY, ANY)
@example("\ud800", "\ud801")
@example("a:b", "a%3Ab")
def test_keys_of_different_ids_differ(one: str, two: str) -> None:
    assert (key(one) == key(two)) == (one == two)


@given(ANY)
def test_keys_need_no_escape(text: str) -> None:
    assert set(key(text)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.-_+~%"
    )


@pytest.mark.parametrize("symbol", ["ADRB1", "SLC6A2", "ADCY1/8", "GNAI1/GNAO1", "HTR2A, HTR2C"])
def test_gene_symbols_are_known(symbol: str) -> None:
    assert is_gene_symbol(symbol)


@pytest.mark.parametrize("other", ["autoreceptor", "5-HT", "", "Gs-coupled", "phospho-CREB", "Kᵢ"])
def test_other_captions_are_not_gene_symbols(other: str) -> None:
    assert not is_gene_symbol(other)
