"""Each law by itself, on circuits that one can think through."""

from dataclasses import replace

import pytest

from joint.problems import compare
from raphe.errors import InputError
from raphe.joint.answer import answer
from raphe.joint.cores import find_cores
from raphe.joint.downstream import find_downstream
from raphe.joint.problem import Condition, Influence, Laws, Problem, Shift, SignedGraph
from raphe.joint.repair import Move, Permitted, apply_repair
from raphe.joint.running import Clock
from raphe.joint.solving import Bounds, Solver
from raphe.sign import Change, Sign

SIGNS = {"->": Sign.POSITIVE, "-|": Sign.NEGATIVE, "-?": Sign.UNKNOWN}
SEEN = {"+": Change.UP, "-": Change.DOWN, "0": Change.SAME, "*": Change.CHANGED}


def influence(text):
    source, arrow, target = text.split()
    return Influence(source, target, SIGNS[arrow])


def graph(text):
    return SignedGraph.of(map(influence, text.split(", ")))


def seen(text):
    return {part[:-1]: SEEN[part[-1]] for part in text.split()}


def condition(text, inputs="", name="x", **more):
    return Condition(name, seen(text), frozenset(inputs), **more)


def consistent(problem):
    solver = Solver(problem)
    return solver.satisfiable(solver.assume(), Clock())


def holds(circuit, *conditions, laws=Laws()):  # noqa: B008 -- frozen
    return consistent(Problem(graph(circuit), conditions, laws))


@pytest.mark.parametrize(
    ("circuit", "text", "expected"),
    [
        ("a -> b", "a+ b+", True),
        ("a -> b", "a+ b-", False),
        ("a -> b", "a+ b0", False),
        ("a -> b", "a0 b+", False),
        ("a -| b", "a+ b-", True),
        ("a -> c, b -> c", "a+ b- c0", True),
        ("a -> c, b -> c", "a+ b+ c0", False),
        # One node that acts by both signs is not opposed to itself; two of them are to each other.
        ("a -> c, a -| c", "a+ c0", False),
        ("a -> c, a -| c", "a+ c-", True),
        ("a -> c, a -| c, b -> c", "a+ b+ c0", True),
        ("a -> c, a -| c, b -> c, b -| c", "a+ b+ c0", True),
    ],
)
def test_what_changes_and_what_stays_is_explained(circuit, text, expected):
    assert holds(circuit, condition(text, graph(circuit).sources)) is expected


def test_a_loop_does_not_raise_itself():
    loop = "a -> b, b -> a"
    assert not holds(loop, condition("a+"))
    assert holds(loop, condition("a+"), laws=Laws(founded=False))


def test_an_input_founds_what_it_leads_to_and_a_path_of_changes_is_asked_for():
    loop = "i -> a, a -> b, b -> a"
    assert holds(loop, condition("i0 a+", "i"))
    assert not holds(loop, condition("i0 a+", "i"), laws=Laws(elementary_path=True))
    assert holds(loop, condition("i+ a+", "i"), laws=Laws(elementary_path=True))


def test_what_lies_on_an_elementary_path_need_not_change():
    """b stays, since d balances a; yet a -> b -> c is a way to c, which e keeps up."""
    circuit = "a -> b, d -| b, b -> c, c -> e, e -> c"
    laws = Laws(elementary_path=True)
    assert holds(circuit, condition("a+ d+ b0 c+", "ad"), laws=laws)
    assert holds(circuit, condition("a+ d+ b0 c-", "ad"), laws=laws)
    assert not holds(circuit, condition("a+ d0 c-", "ad"), laws=laws)
    lowest = {"at_minimum": frozenset("b")}
    assert not holds(circuit, condition("a+ d+ b0 c-", "ad", **lowest), laws=laws)


def test_an_elementary_path_repeats_no_node():
    """What lowers a has gone through a before."""
    circuit = "i -> a, a -> e, e -> a, a -| c, c -> a"
    assert holds(circuit, condition("i+ a+ c-", "i"), laws=Laws(elementary_path=True))
    assert holds(circuit, condition("i+ a- c+", "i"))
    assert not holds(circuit, condition("i+ a- c+", "i"), laws=Laws(elementary_path=True))


def test_no_elementary_path_leads_through_another_input():
    circuit = "a -> b, d -| b, b -> c, c -> c"
    seen = "a+ d+ b0 c+"
    assert holds(circuit, condition(seen, "ad"), laws=Laws(elementary_path=True))
    assert holds(circuit, condition(seen, "abd"))
    assert not holds(circuit, condition(seen, "abd"), laws=Laws(elementary_path=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a+ b+ c+", True),
        ("a+ b+ c0", False),
        ("a+ b0 c0", True),
        ("a+ b0 c+", True),
        ("a+ b- c0", True),
        ("a0 b0 c+", False),
        ("a- b0 c+", False),
    ],
)
def test_what_acts_together_may_stay_where_one_of_them_stays(text, expected):
    both = SignedGraph.of(map(influence, ("a -> ab", "b -> ab", "ab -> c")), joint=["ab"])
    problem = Problem(both, (condition(text, "ab"),))
    assert consistent(problem) is expected
    assert "ab" not in answer(problem).predictions.directions["x"]


def test_nothing_outside_acts_on_what_acts_together():
    both = SignedGraph.of(map(influence, ("a -> ab", "b -> ab", "ab -> c")), joint=["ab"])
    (repair,) = answer(Problem(both, (condition("a- b- c+", "ab"),))).repairs.repairs
    assert [step.node for step in repair.steps] == ["c"]


def test_a_push_founds_by_its_sign_only():
    chain = "a -> b, b -> b"
    up = {"a": Change.UP}
    assert holds(chain, condition("b+", pushed=up))
    assert not holds(chain, condition("b-", pushed=up))


@pytest.mark.parametrize(("bound", "text"), [("at_minimum", "a- b0"), ("at_maximum", "a+ b0")])
def test_what_is_at_its_bound_is_held_there(bound, text):
    assert not holds("a -> b", condition(text, "a"))
    assert holds("a -> b", condition(text, "a", **{bound: frozenset("b")}))
    beyond = text.replace("b0", "b" + text[1])
    assert not holds("a -> b", condition(beyond, "a", **{bound: frozenset("b")}))


def test_an_ambiguous_input_moved():
    one = condition("b0", ambiguous=frozenset("a"))
    assert not holds("a -> b", one)
    assert holds("a -> b", replace(one, observed=seen("b*")))


def test_what_a_drug_holds_hears_nothing_else():
    """A negative feedback that the drug cuts."""
    loop = "a -> b, b -| a, i -> a"
    held = {"b": Change.UP}
    assert holds(loop, condition("i- a- b+", "i", held=held))
    assert not holds(loop, condition("i+ a+ b-", "i", held=held))
    assert not holds("a -> b", condition("a+", "a", held={"b": Change.SAME}, name="y"),
                     condition("b+", held={"b": Change.SAME}))  # fmt: skip
    assert holds("a -> b", condition("a+", "a", held={"b": Change.SAME}))


def test_a_slow_influence_is_absent_acutely():
    slow = influence("a -| b")
    acute = condition("a+ b+", "a", "acute", cut=frozenset([slow]))
    chronic = condition("a+ b-", "a", "chronic", cut=frozenset([influence("a -> b")]))
    assert holds("a -> b, a -| b", acute, chronic)
    assert not holds("a -> b, a -| b", replace(acute, observed=seen("a+ b-")))


def test_a_sign_that_is_not_known_is_the_same_everywhere():
    one, other = condition("a+ b+", "a"), condition("a+ b-", "a", "y")
    assert holds("a -? b", one)
    assert holds("a -? b", other)
    assert not holds("a -? b", one, other)


def test_combination_against_single():
    """What the combination adds to the single drug is what its second drug does."""
    circuit = "x -> r, y -> r"
    both = condition("r+", name="both", held={"x": Change.UP, "y": Change.UP})
    single = condition("r+", name="single", held={"x": Change.UP, "y": Change.SAME})
    more = compare(both, single, seen("r+"), alike=frozenset("x"))
    assert more.shift == Shift("both", "single")
    assert holds(circuit, both, single, more)
    assert not holds(circuit, both, single, replace(more, observed=seen("r-")))
    # Both may have brought it to its highest level.
    assert holds(circuit, both, single, replace(more, observed=seen("r0")))


def test_a_difference_has_a_sign_that_a_difference_can_have():
    up, down = condition("a+", "a", "up"), condition("a-", "a", "down")
    same = condition("a0", "a", "same")
    for of, against, text in ((up, down, "+"), (same, up, "-"), (up, same, "+"), (same, same, "0")):
        for direction in "+-0":
            other = replace(against, name="against")
            shift = compare(of, other, seen(f"a{direction}"))
            assert holds("a -> b", of, other, shift) is (direction == text)


@pytest.mark.parametrize(
    ("permitted", "move"),
    [
        (Permitted(doubt={("x", "b"): 2}), Move.DOUBT),
        (Permitted(remove={influence("a -> b"): 2}, doubt={("x", "b"): 3}), Move.DOUBT),
        (Permitted(flip={influence("a -> b"): 2}, doubt={("x", "b"): 3}), Move.FLIP),
        (Permitted(add={influence("c -> b"): 2}, doubt={("x", "b"): 3}), Move.ADD),
    ],
)
def test_the_cheapest_move_that_mends_it(permitted, move):
    problem = Problem(graph("a -> b, c -> d"), (condition("a+ b- c-", "ac"),))
    found = answer(problem, permitted)
    (repair,) = found.repairs.repairs
    (step,) = repair.steps
    assert step.move is move
    assert found.size == Bounds(step.cost, step.cost)
    assert consistent(apply_repair(problem, repair))


def test_nothing_that_is_permitted_mends_it():
    problem = Problem(graph("a -> b"), (condition("a+ b-", "a"),))
    found = answer(problem, Permitted(flip={}))
    assert (found.consistent, found.size.impossible, found.size.upper) == (False, True, None)


@pytest.mark.parametrize(
    ("circuit", "conditions", "expected"),
    [
        ("a -> b, a -> c", [condition("b+ c-", "a")], ["bc"]),
        # Both laws hear the open 'b', one of them through 'm'.
        ("b -> m, m -> c, b -> d", [condition("c+ d-", "b")], ["cdm"]),
        ("a -? b", [condition("a+ b+", "a"), condition("a+ b-", "a", "y")], ["bb"]),
        ("a -> b, c -> d", [condition("a+ b- c+ d-", "ac")], ["b", "d"]),
    ],
)
def test_cores(circuit, conditions, expected):
    problem = Problem(graph(circuit), tuple(conditions), Laws(founded=False))
    found = find_cores(problem, 10, Clock())
    assert found.complete
    assert ["".join(one.node for one in core) for core in found.cores] == expected


def test_what_was_declared_may_contradict_itself():
    problem = Problem(graph("a -> b"), (condition("b-", "b", at_minimum=frozenset("b")),))
    assert find_cores(problem, 10, Clock()).cores == ((),)


@pytest.mark.parametrize(
    ("made", "complaint"),
    [
        (lambda: Problem(graph("a -> b"), (condition("a+"), condition("b+"))), "called 'x'"),
        (lambda: Problem(graph("a -> b"), (condition("a+", shift=Shift("x", "z")),)), "'z'"),
        (lambda: Problem(graph("a -> b"), (Condition("x", {"a": Change.NOTHING}),)), "exclude"),
        (
            lambda: Problem(
                graph("a -> b"),
                (condition("", at_minimum=frozenset("a"), at_maximum=frozenset("a")),),
            ),
            "lowest and at its highest",
        ),
        (lambda: SignedGraph(("a",), (influence("a -> b"),)), "from or to 'b'"),
        (lambda: Permitted(doubt={("x", "a"): 0}), "costs nothing"),
        (lambda: Permitted(flip={influence("a -? b"): 1}), "cannot be flipped"),
    ],
)
def test_what_cannot_be_asked(made, complaint):
    with pytest.raises(InputError, match=complaint):
        made()


@pytest.mark.parametrize(
    "laws", [Laws(founded=False, elementary_path=True), Laws(founded=True), Laws(True, True)]
)
def test_what_leads_to_nothing_seen_may_be_a_core_where_changes_come_from_inputs(laws):
    """No input moves a, which was seen to fall; b hears it, and so falls without one."""
    problem = Problem(graph("a -> a, a -> b"), (condition("a-"),), laws)
    cores = find_cores(problem, 10, Clock()).cores
    assert [[one.node for one in core] for core in cores] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("circuit", "text", "expected", "left_out"),
    [
        # What was seen of c and d contradicts each other; e is in doubt with them.
        ("a -> b, a -> c, b -> d, b -> e", "c- d+", ["bcde"], 0),
        # It is seen of b, so that what is seen of c bears on it no more: not linked.
        ("a -> b, a -> c, b -> d", "b+ c-", [], 1),
        # Nothing can explain e, to which d leads.
        ("a -> b, b -> c, b -> d, d -> e", "c- d+ e-", ["e"], 1),
        # Nor f, with which the others have nothing to do.
        ("a -> b, b -> c, b -> d, g -> f", "c- d+ g+ f-", ["f", "cd"], 0),
        ("a -> b, a -> c", "a+ b- c-", ["bc"], 0),
    ],
)
def test_cores_with_all_that_they_lead_to(circuit, text, expected, left_out):
    problem = Problem(graph(circuit), (condition(text, "ag"),), Laws(founded=False))
    found = find_downstream(problem, 10, Clock())
    assert ["".join(one.node for one in core) for core in found.cores] == expected
    assert found.left_out == left_out
