"""Every answer equals what going through all labellings says."""

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from joint.labelings import (
    is_consistent,
    labellings,
    labellings_one_by_one,
    least_repairs,
    tables,
    together,
)
from joint.problems import joint_problems, problems
from raphe.joint.answer import answer, predict
from raphe.joint.cores import find_cores
from raphe.joint.downstream import find_downstream
from raphe.joint.encoding import nodes_of
from raphe.joint.problem import Influence, Laws
from raphe.joint.reach import restrict
from raphe.joint.repair import MCOS, SCENFIT, Permitted, apply_repair
from raphe.joint.running import Clock
from raphe.joint.sizes import repair_sizes
from raphe.joint.solving import Solver
from raphe.sign import Change, Sign

MANY = 10_000
usual = settings(max_examples=150, suppress_health_check=list(HealthCheck))
fewest = settings(max_examples=40, suppress_health_check=list(HealthCheck))
fewer = settings(max_examples=80, suppress_health_check=list(HealthCheck))


def consistent(problem):
    solver = Solver(problem)
    return solver.satisfiable(solver.assume(), Clock())


def repairs(problem, permitted):
    solver = Solver(restrict(problem, permitted.add), permitted)
    bounds = solver.least(solver.assume(), Clock())
    found, complete = solver.repairs(solver.assume(), MANY, Clock())
    assert complete
    return bounds, found


@fewer
@given(st.one_of(problems(4), joint_problems(2)), st.data())
def test_tables_are_what_the_laws_say_of_each_labelling(problem, data):
    every = [(one.name, node) for one in problem.conditions for node in nodes_of(problem)]
    subjects = data.draw(st.none() | st.sets(st.sampled_from(every)))

    def found(search):
        return Counter(frozenset(row.items()) for row in search(problem, subjects))

    assert found(labellings) == found(labellings_one_by_one)


@usual
@given(problems())
def test_consistent_or_not(problem):
    assert consistent(problem) == is_consistent(problem)


@usual
@given(problems(6, plain=True), st.booleans())
def test_elementary_paths(problem, founded):
    """Few inputs, many loops: what changes needs a path, and the rest of the laws as well."""
    asked = replace(problem, laws=Laws(founded=founded, elementary_path=True))
    assert consistent(asked) == is_consistent(asked)


@usual
@given(problems())
def test_what_leads_to_nothing_observed_may_be_left_out(problem):
    assert consistent(restrict(problem)) == consistent(problem)


@fewer
@given(joint_problems())
def test_several_conditions_and_comparisons(problem):
    assert consistent(problem) == is_consistent(problem)


@usual
@given(problems())
def test_labellings_are_those_that_obey_the_laws(problem):
    found = predict(problem, Permitted(), Clock())
    every = list(labellings(problem))
    expected = {
        node: Change(sum(one.value for one in {row["x", node] for row in every}))
        for node in nodes_of(problem)
        if node not in problem.graph.joint
    }
    if every:
        assert found.complete
        assert dict(found.directions["x"]) == expected


def same_repairs(problem, permitted, most=3):
    bounds, found = repairs(problem, permitted)
    assume(bounds.upper is None or bounds.upper <= most)
    expected = least_repairs(problem, permitted, most)
    if expected is None:
        assert bounds.upper is None
        assert bounds.impossible
        return found
    assert bounds.proved
    assert bounds.upper == expected[0].cost
    assert {one.steps for one in found} == {one.steps for one in expected}
    for one in found:
        assert consistent(apply_repair(problem, one))
    return found


@fewest
@given(problems())
def test_new_influences(problem):
    same_repairs(problem, MCOS)


@fewer
@given(problems())
def test_scenario_fit(problem):
    same_repairs(problem, SCENFIT, 4)


@fewest
@given(joint_problems())
def test_new_influences_in_several_conditions(problem):
    same_repairs(problem, MCOS, 2)


@fewer
@given(problems(unknown=False), st.data())
def test_doubts_and_edits_of_the_graph(problem, data):
    price = st.integers(1, 3)
    assume(problem.graph.influences)
    edges = st.sampled_from(problem.graph.influences)
    nodes = st.sampled_from(problem.graph.nodes)
    more = st.builds(Influence, nodes, nodes, st.sampled_from([Sign.POSITIVE, Sign.NEGATIVE]))
    seen = [("x", node) for node in problem.conditions[0].observed]
    known = set(problem.graph.influences)
    remove = data.draw(st.dictionaries(edges, price, max_size=3))
    flip = data.draw(st.dictionaries(edges, price, max_size=2))
    # What is flipped into what is there already is the same influence twice.
    flip = {
        one: cost
        for one, cost in flip.items()
        if Influence(one.source, one.target, one.sign * Sign.NEGATIVE) not in known
    }
    added = data.draw(st.dictionaries(more, price, max_size=2))
    flipped = {Influence(one.source, one.target, one.sign * Sign.NEGATIVE) for one in flip}
    permitted = Permitted(
        doubt=data.draw(st.fixed_dictionaries(dict.fromkeys(seen, price))),
        remove=remove,
        flip=flip,
        add={one: cost for one, cost in added.items() if one not in known | flipped},
    )
    bounds, found = repairs(problem, permitted)
    expected = least_repairs(problem, permitted, 4)
    if expected is None or len(expected[0].steps) > 4:
        return
    if bounds.upper is not None and bounds.upper < expected[0].cost:
        assert max(len(one.steps) for one in found) > 4
        return
    assert bounds.upper == expected[0].cost
    few = {one.steps for one in found if len(one.steps) <= 4}
    assert few == {one.steps for one in expected}


@fewer
@given(problems())
def test_predictions_under_minimal_repair(problem):
    bounds, _ = repairs(problem, MCOS)
    assume(bounds.upper is not None and bounds.upper <= 2)
    found = predict(problem, MCOS, Clock())
    expected = dict.fromkeys(nodes_of(problem), Change.NOTHING)
    for repair in least_repairs(problem, MCOS, 2):
        for row in labellings(apply_repair(problem, repair)):
            for (_, node), change in row.items():
                expected[node] |= change
    assert found.complete
    for name in problem.graph.joint:
        del expected[name]
    assert dict(found.directions["x"]) == expected


def asked(problem):
    return [
        (one.name, node)
        for one in problem.conditions
        for node in nodes_of(problem)
        if node not in one.inputs | one.ambiguous | set(one.held)
    ]


def may_hold(problem):
    """Whether the laws can hold at a set of nodes; what all answers have in common is kept."""
    nodes = list(nodes_of(problem))
    found = list(tables(problem))

    def hold(chosen):
        for signs in found:
            kept = []
            for one, (fits, lawful) in zip(problem.conditions, signs, strict=True):
                here = [(one.name, node) in chosen for node in nodes]
                kept.append(fits & lawful[here].all(axis=0))
            if next(together(problem, kept), None) is not None:
                return True
        return False

    return hold


def minimal_cores(problem):
    """All minimal sets of subjects without a labelling, by going through all sets."""
    from itertools import combinations

    subjects, hold = asked(problem), may_hold(problem)
    cores = []
    for size in range(len(subjects) + 1):
        for some in combinations(subjects, size):
            chosen = set(some)
            if not any(core <= chosen for core in cores) and not hold(chosen):
                cores.append(chosen)
    return cores


@fewer
@given(problems())
def test_minimal_inconsistent_cores(problem):
    found = find_cores(problem, MANY, Clock())
    assert found.complete
    assert {frozenset((one.condition, one.node) for one in core) for core in found.cores} == {
        frozenset(core) for core in minimal_cores(problem)
    }


@fewer
@given(joint_problems(), st.data())
def test_minimal_inconsistent_cores_of_several_conditions(problem, data):
    """Of several conditions there are too many sets to go through: some are drawn."""
    found = find_cores(problem, MANY, Clock())
    assert found.complete
    cores = [{(one.condition, one.node) for one in core} for core in found.cores]
    hold, subjects = may_hold(problem), asked(problem)
    for core in cores:
        assert not hold(core)
        assert all(hold(core - {one}) for one in core)
    if len(subjects) <= 6:
        assert cores == sorted(minimal_cores(problem), key=lambda core: (len(core), sorted(core)))
    if subjects:
        drawn = st.lists(st.sets(st.sampled_from(subjects)), max_size=10)
        for some in (set(subjects), *data.draw(drawn)):
            assert hold(some) is not any(core <= some for core in cores)


def linked(influences, observed, start):
    """What a chain of influences leads to, taken backwards where the source was not observed."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for one in influences:
            steps = [(one.source, one.target)]
            if one.source not in observed:
                steps.append((one.target, one.source))
            for tail, head in steps:
                if tail == here and head not in seen:
                    seen.add(head)
                    waiting.append(head)
    return seen


def contradicted(influence, observed):
    ends = [observed.get(end, Change.ANY) for end in (influence.source, influence.target)]
    signs = {Sign.POSITIVE: [1], Sign.NEGATIVE: [-1], Sign.UNKNOWN: [1, -1]}[influence.sign]
    pairs = [(a, sign * a) for a in (-1, 1) for sign in signs]
    number = {-1: Change.DOWN, 1: Change.UP}
    return not any(number[a] in ends[0] and number[b] in ends[1] for a, b in pairs)


def downstream_cores(problem):
    """Least inconsistent linked sets that hold all that they act on, by going through all sets."""
    from itertools import combinations

    (condition,) = problem.conditions
    observed = condition.observed
    asked = [
        node
        for node in nodes_of(problem)
        if node not in condition.inputs | condition.ambiguous | set(condition.held)
    ]
    edges = [one for one in problem.graph.influences if one not in condition.cut]
    inexplicable = {
        node
        for node in asked
        if node in problem.graph.nodes
        and node not in condition.pushed
        and all(contradicted(one, observed) for one in edges if one.target == node)
        and (
            not any(one.target == node for one in edges)
            or Change.SAME not in observed.get(node, Change.ANY)
        )
    }
    rest = [node for node in asked if node not in inexplicable]
    into = [one for one in edges if one.target in rest]
    single = {node for node, seen in observed.items() if seen.is_single}
    chains = {node: linked(into, single, node) for node in rest}
    free = replace(condition, inputs=condition.inputs | inexplicable)
    hold = may_hold(replace(problem, conditions=(free,)))
    if not hold(set()):
        return [frozenset()]
    cores = []
    for size in range(1, len(rest) + 1):
        for some in combinations(rest, size):
            chosen = set(some)
            closed = all(
                one.target in chosen
                for one in edges
                if one.source in chosen and one.target in asked
            )
            whole = all(b in chains[a] for a in chosen for b in chosen)
            if not closed or not whole or any(core <= chosen for core in cores):
                continue
            if not hold({("x", node) for node in chosen}):
                cores.append(frozenset(chosen))
    return [*cores, *([frozenset(inexplicable)] if inexplicable else [])]


@fewer
@given(problems())
def test_cores_with_all_that_they_lead_to(problem):
    found = find_downstream(problem, MANY, Clock())
    assert found.complete
    named = [frozenset(one.node for one in core) for core in found.cores]
    assert len(set(named)) == len(named)
    assert set(named) == set(downstream_cores(problem))


@fewer
@given(problems(plain=True), st.data())
def test_sizes_of_many_conditions_are_those_of_each(problem, data):
    from joint.problems import conditions

    more = [data.draw(conditions(problem.graph, name, plain=True)) for name in "yz"]
    inputs = problem.conditions[0].inputs
    many = (*problem.conditions, replace(more[0], inputs=inputs), more[1])
    sizes = repair_sizes(replace(problem, conditions=many))
    for one in many:
        alone = Solver(replace(problem, conditions=(one,)), MCOS)
        assert sizes[one.name] == alone.least(alone.assume(), Clock())


@usual
@given(problems())
def test_answers_agree_with_each_other(problem):
    found = answer(problem, most_repairs=MANY)
    assert found.stopped == ""
    assert found.consistent == (found.size.upper == 0)
    if found.consistent or not found.places.absent:
        assert bool(found.cores.cores) == (not found.consistent)
    assert all(one.cost == found.size.upper for one in found.repairs.repairs)
    if found.consistent:
        assert not found.contradicted
