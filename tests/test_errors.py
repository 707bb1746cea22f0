from hypothesis import given
from hypothesis import strategies as st

from raphe.errors import InputError, PartError, Problem, nearest


def test_a_problem_says_where_what_and_what_would_be_right():
    problem = Problem("no drug 'x'.", "Did you mean 'y'?", "own.yaml", 3, 7)
    assert str(problem) == "own.yaml:3:7: no drug 'x'. Did you mean 'y'?"


def test_what_is_not_known_of_the_place_is_left_out():
    assert str(Problem("empty.", file="own.yaml")) == "own.yaml: empty."
    assert str(Problem("empty.", file="own.yaml", line=2)) == "own.yaml:2: empty."
    assert str(Problem("no drug 'x'.")) == "no drug 'x'."


@given(st.text(), st.text())
def test_a_problem_is_one_line_that_steers_no_terminal(what, remedy):
    shown = str(Problem(what, remedy, "own.yaml", 1, 1))
    assert shown.isprintable()


def test_a_line_break_in_a_name_is_a_space():
    assert str(Problem("no drug 'a\n  b'.")) == "no drug 'a b'."


def test_an_input_error_holds_all_problems():
    error = InputError([Problem("a."), Problem("b.")])
    assert str(error) == "a.\nb."
    assert len(error.problems) == 2


def test_a_mistake_of_a_part_knows_its_place():
    assert PartError("too low", "exposure", 0).path == ("exposure", 0)


def test_the_nearest_names_are_offered_whatever_the_case():
    assert nearest("DESIPRAMIN", ["mirtazapine", "desipramine"]) == "Did you mean 'desipramine'?"
    assert nearest("qqq", ["mirtazapine", "desipramine"]) == ""
    assert nearest("beta", ["beta1", "beta2", "alpha"]) == "Did you mean 'beta2' or 'beta1'?"
