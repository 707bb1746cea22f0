import itertools

from hypothesis import given
from hypothesis import strategies as st

from raphe.sign import Change, Sign

PLUS, MINUS, UNKNOWN = Sign.POSITIVE, Sign.NEGATIVE, Sign.UNKNOWN
SIGNS = st.sampled_from(Sign)
CHANGES = st.integers(0, 7).map(Change)


def test_signs_in_a_row_multiply():
    table = {
        (PLUS, PLUS): PLUS,
        (PLUS, MINUS): MINUS,
        (MINUS, PLUS): MINUS,
        (MINUS, MINUS): PLUS,
        **{(UNKNOWN, other): UNKNOWN for other in Sign},
        **{(other, UNKNOWN): UNKNOWN for other in Sign},
    }
    assert {pair: pair[0] * pair[1] for pair in itertools.product(Sign, Sign)} == table


def test_a_change_passes_an_edge_as_its_sign_says():
    table = {
        (Change.UP, PLUS): Change.UP,
        (Change.UP, MINUS): Change.DOWN,
        (Change.UP, UNKNOWN): Change.CHANGED,
        (Change.DOWN, PLUS): Change.DOWN,
        (Change.DOWN, MINUS): Change.UP,
        (Change.DOWN, UNKNOWN): Change.CHANGED,
        (Change.SAME, PLUS): Change.SAME,
        (Change.SAME, MINUS): Change.SAME,
        (Change.SAME, UNKNOWN): Change.SAME,
    }
    assert {pair: pair[0].through(pair[1]) for pair in table} == table


@given(CHANGES, SIGNS, SIGNS)
def test_two_edges_do_what_the_product_of_their_signs_does(change, first, second):
    assert change.through(first).through(second) == change.through(first * second)


@given(CHANGES, CHANGES, SIGNS)
def test_passing_an_edge_keeps_joins(one, other, sign):
    assert (one | other).through(sign) == one.through(sign) | other.through(sign)


@given(CHANGES)
def test_the_words_are_those_of_the_single_directions(change):
    words = {Change.DOWN: "down", Change.SAME: "unchanged", Change.UP: "up"}
    assert change.words == tuple(word for one, word in words.items() if one & change)
    assert change.is_single == (len(change.words) == 1)
