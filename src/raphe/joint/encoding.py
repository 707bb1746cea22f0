"""A problem as a logic program: facts of the graph and the conditions, and the laws that hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from raphe.joint.problem import Condition, Influence, Problem
from raphe.joint.repair import Move, Permitted, Step
from raphe.joint.tangles import tangled
from raphe.sign import Change, Sign

#: Directions as the logic program writes them.
NUMBERS = {Change.DOWN: -1, Change.SAME: 0, Change.UP: 1}
CHANGES = {number: change for change, number in NUMBERS.items()}


@dataclass(frozen=True)
class Encoding:
    """A logic program, and what its numbers stand for."""

    program: str
    nodes: tuple[str, ...]
    conditions: tuple[Condition, ...]
    #: Those of the graph, then those that a repair may add.
    influences: tuple[Influence, ...]
    node_numbers: Mapping[str, int]

    def step(self, name: str, arguments: tuple[int, ...], cost: int) -> Step:
        """The step of a repair that an atom of the program means."""
        if name in ("removed", "flip", "added"):
            move = {"removed": Move.REMOVE, "flip": Move.FLIP, "added": Move.ADD}[name]
            return Step(move, cost, influence=self.influences[arguments[0]])
        condition = self.conditions[arguments[0]].name
        node = self.nodes[arguments[1]]
        if name == "doubt":
            return Step(Move.DOUBT, cost, condition, node)
        move = Move.NEW_INFLUENCE if name == "push" else Move.MISFIT
        return Step(move, cost, condition, node, CHANGES[arguments[2]])


def law(name: str) -> str:
    """Text of a law."""
    return resources.files("raphe.joint").joinpath("laws", f"{name}.lp").read_text("utf-8")


def nodes_of(problem: Problem) -> Mapping[str, int]:
    """Numbers of all nodes of the graph, and of what is observed or moved and absent from it."""
    names = set(problem.graph.nodes)
    names.update(*(one.observed for one in problem.conditions))
    names.update(*(one.moved for one in problem.conditions))
    return {name: number for number, name in enumerate(sorted(names))}


def encode(
    problem: Problem,
    permitted: Permitted | None = None,
    cores: bool = False,
    fixed: bool = True,
) -> Encoding:
    """The program of a problem.

    Nodes that are observed and absent from the graph stand in it without an influence.

    Parameters
    ----------
    problem
        Graph, conditions and laws.
    permitted
        Moves of a repair; none: the laws as they are.
    cores
        Choose of which nodes the laws are asked.
    fixed
        With the observations that no repair may touch; else they are assumed when it is solved.
    """
    numbers = nodes_of(problem)
    nodes = tuple(numbers)
    known = set(problem.graph.influences)
    more = set(permitted.add) - known if permitted else set[Influence]()
    added = [one for one in more if one.source in numbers and one.target in numbers]
    influences = (*problem.graph.influences, *sorted(added, key=lambda one: one.order))
    made = Encoding("", nodes, problem.conditions, influences, numbers)
    facts = [
        *_graph(made, problem.graph.joint),
        *_moves(made, len(known), permitted or Permitted()),
    ]
    for number, condition in enumerate(problem.conditions):
        facts += _condition(made, number, condition)
        if fixed:
            for node, seen in assumed(condition, permitted).items():
                facts += _excluded(f"{number},{numbers[node]}", seen)
    if problem.laws.elementary_path:
        places = tangled(influences, permitted.flip if permitted else ())
        facts += [f"tangled({place})." for place in sorted(places)]
    text = "\n".join((*facts, *map(law, _laws(problem, permitted, cores))))
    return Encoding(text, nodes, problem.conditions, influences, numbers)


def _laws(problem: Problem, permitted: Permitted | None, cores: bool) -> Iterator[str]:
    yield from ("labelling", "influences", "core" if cores else "subject")
    laws = problem.laws
    for name in ("explained", "unchanged_explained", "founded", "elementary_path"):
        if getattr(laws, name):
            yield name
    if any(one.shift for one in problem.conditions):
        yield "shift"
    if permitted is None:
        return
    if permitted.new_influence:
        yield "new_influence"
    if permitted.misfit:
        yield "misfit"
    if permitted.doubt:
        yield "doubt"
    if permitted.remove or permitted.flip or permitted.add:
        yield "edited_graph"
    yield "least"


def _graph(made: Encoding, joint: frozenset[str]) -> Iterator[str]:
    numbers = made.node_numbers
    yield f"node(0..{len(made.nodes) - 1})." if made.nodes else ""
    yield from (f"joint({numbers[name]})." for name in sorted(joint))
    signs: dict[tuple[int, int], int] = {}
    for number, one in enumerate(made.influences):
        source, target = numbers[one.source], numbers[one.target]
        yield f"influence({number},{source},{target})."
        if one.sign is Sign.UNKNOWN:
            yield f"unknown({number})."
        else:
            yield f"declared({number},{1 if one.sign is Sign.POSITIVE else -1})."
        signs[source, target] = signs.get((source, target), 0) + 1
    doubled = {target for (_, target), count in signs.items() if count > 1}
    yield from (f"doubled({target})." for target in sorted(doubled))


def _moves(made: Encoding, declared: int, permitted: Permitted) -> Iterator[str]:
    if permitted.new_influence:
        yield f"push_cost({permitted.new_influence})."
    for number, one in enumerate(made.influences):
        if number >= declared:
            yield f"addable({number},{permitted.add[one]})."
            continue
        if one in permitted.remove:
            yield f"removable({number},{permitted.remove[one]})."
        if one in permitted.flip:
            yield f"flippable({number},{permitted.flip[one]})."
    for number, condition in enumerate(made.conditions):
        for node, seen in condition.observed.items():
            of = f"{number},{made.node_numbers[node]}"
            doubted = permitted.doubt.get((condition.name, node))
            is_outcome = permitted.misfit and not _is_scenario(condition, node)
            if doubted is not None:
                yield f"doubtful({of},{doubted})."
            if is_outcome:
                yield f"outcome({of})."
            if is_outcome or doubted is not None:
                yield from (f"fits({of},{NUMBERS[one]})." for one in seen)


def _condition(made: Encoding, number: int, condition: Condition) -> Iterator[str]:
    numbers = made.node_numbers
    yield f"condition({number})."
    exempt = condition.inputs | condition.ambiguous | frozenset(condition.held)
    for node in sorted(exempt):
        yield f"exempt({number},{numbers[node]})."
    for node in sorted((condition.inputs | condition.ambiguous) - frozenset(condition.held)):
        yield f"input({number},{numbers[node]})."
    for node in sorted(condition.ambiguous):
        yield f"excluded({number},{numbers[node]},0)."
    for bound, forbidden in (("at_minimum", -1), ("at_maximum", 1)):
        for node in sorted(getattr(condition, bound) & numbers.keys()):
            yield f"{bound}({number},{numbers[node]})."
            yield f"excluded({number},{numbers[node]},{forbidden})."
    for node, held in condition.held.items():
        for change, value in NUMBERS.items():
            kind = "held" if change in held else "excluded"
            yield f"{kind}({number},{numbers[node]},{value})."
    for node, push in condition.pushed.items():
        moving = push & Change.CHANGED
        yield from (f"pushed({number},{numbers[node]},{NUMBERS[one]})." for one in moving)
        if Change.SAME in push:
            # What may not act at all may leave the node where it is.
            yield f"bounded({number},{numbers[node]})."
    for edge, one in enumerate(made.influences):
        if one in condition.cut or one.target in condition.held:
            yield f"cut({number},{edge})."
    if condition.shift:
        names = [one.name for one in made.conditions]
        of, against = map(names.index, (condition.shift.of, condition.shift.against))
        yield f"shift({number},{of},{against})."


def _excluded(of: str, left: Change) -> Iterator[str]:
    for change, value in NUMBERS.items():
        if change not in left:
            yield f"excluded({of},{value})."


def _is_scenario(condition: Condition, node: str) -> bool:
    """Whether what was seen of a node says what was done, not what came of it."""
    return node in condition.inputs or node in condition.ambiguous or node in condition.held


def assumed(condition: Condition, permitted: Permitted | None) -> Mapping[str, Change]:
    """The observations that no repair touches: they are assumed when the program is solved."""
    if permitted is None:
        return condition.observed
    return {
        node: seen
        for node, seen in condition.observed.items()
        if (condition.name, node) not in permitted.doubt
        and not (permitted.misfit and not _is_scenario(condition, node))
    }
