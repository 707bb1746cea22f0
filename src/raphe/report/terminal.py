"""Answers for the terminal: one screen that reads like a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from raphe.calling import Call
from raphe.consistency.experiments import treatments
from raphe.consistency.verdicts import Check, Verdict
from raphe.contraindication import contraindications, told_cautions, told_peripheral
from raphe.explanation.routes import main_route
from raphe.kinds import NodeKind
from raphe.prediction import Prediction, Row, treatment_title
from raphe.propagation.certainty import Ground
from raphe.questions import Answer, Checks

#: Glyph and colour of each call; the glyph alone says it all.
CALLS = {
    Call.UP: ("▲", "#d9601a"),
    Call.DOWN: ("▼", "#2f86d6"),
    Call.AMBIGUOUS: ("◆", "#b8920a"),
    Call.UNCHANGED: ("=", "bright_black"),
}
VERDICTS = {
    Verdict.AGREES: ("✓", "green"),
    Verdict.DISAGREES: ("✗", "red"),
    Verdict.AMBIGUOUS: ("◆", "#b8920a"),
    Verdict.OUT_OF_SCOPE: ("–", "bright_black"),
}
#: What a screen has room for.
_MOST_FINDINGS = 6
_MOST_REASONS = 3
_MOST_CERTAIN = 8

#: What most needs to be looked at comes first.
_URGENCY = {
    Verdict.DISAGREES: 0,
    Verdict.AMBIGUOUS: 1,
    Verdict.AGREES: 2,
    Verdict.OUT_OF_SCOPE: 3,
}


def show_answer(answer: Answer, console: Console) -> None:
    """Print a prediction: readouts by region, what is certain, why, and what was reported."""
    console.print(_heading(answer.prediction))
    given = answer.prediction.treatment.administrations
    for line in told_cautions(contraindications(given, answer.prediction.model.targets)):
        console.print(Text(f"{line}\n", style="bold red"))
    console.print(_readouts(answer, console.width))
    console.print(_marks(answer))
    if reasons := list(_reasons(answer)):
        console.print(Text("\nWhy", style="bold"))
        console.print(Padding(Group(*reasons), (0, 0, 0, 1)))
    if answer.checks:
        console.print(Text("\nReported", style="bold"))
        ordered = sorted(answer.checks, key=lambda one: _URGENCY[one.verdict])
        console.print(Padding(_summary(ordered, console.width), (0, 0, 0, 1)))
        _show_rest(answer, console)


#: So many findings are shown with their reasons; of more, those that do not agree, a line each.
MOST_IN_FULL = 100
_AS_EXPECTED = (Verdict.AGREES, Verdict.OUT_OF_SCOPE)


def show_checks(checks: Checks, console: Console) -> None:
    """Print findings with verdicts and reasons, those that need a look last, and the counts."""
    in_full = len(checks) <= MOST_IN_FULL
    for verdict in sorted(Verdict, key=lambda one: -_URGENCY[one]):
        own = sorted((one for one in checks if one.verdict is verdict), key=lambda one: one.finding)
        if own and (in_full or verdict not in _AS_EXPECTED):
            glyph, style = VERDICTS[verdict]
            console.print(Text(f"{glyph} {verdict.value} ({len(own)})", style=f"bold {style}"))
            shown = Group(*map(_finding, own)) if in_full else Group(*map(_headline, own))
            console.print(Padding(shown, (0, 0, 1, 1)))
    console.print(Text(_counted(checks.tally), style="bold"))
    if not in_full:
        console.print(Text("Why: 'raphe check' with a drug or a finding; '--json' says it of all."))


def short_name(prediction: Prediction, row: Row) -> str:
    """A readout as it is called within its region.

    A density or a function is named with what it is the density or function of.
    """
    nodes = prediction.model.network.pathway.nodes
    if nodes[row.node].declared.kind in (NodeKind.DENSITY, NodeKind.FUNCTION):
        owner = nodes.get(row.node.rpartition(".")[0])
        if owner is not None:
            return f"{owner.label} {nodes[row.node].declared.kind}"
    return row.label


def _heading(prediction: Prediction) -> Text:
    line = Text(treatment_title(prediction.treatment).capitalize(), style="bold")
    line.append(f"  {prediction.regimen}", style="not bold")
    line.append(f" · against {treatment_title(prediction.comparator)}", style="not bold")
    given = "; ".join(
        f"{one.drug.title} {one.concentration} nM free ({one.exposure})"
        for one in prediction.treatment.administrations
    )
    under = (
        f"prior '{prediction.prior}', {prediction.drawn} draws, "
        f"{100 * prediction.rejected_share:.1f} % unstable"
    )
    for question, side in prediction.model.sides.items():
        under += f" · {question}: {'yes' if side else 'no'}"
    line.append(f"\n{given}{' · ' if given else ''}{under}\n", style="not bold bright_black")
    return line


def _readouts(answer: Answer, width: int) -> Table:
    """Glyph, name and probability of each readout, by region; no cell is broken over lines."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(no_wrap=True)
    places = answer.prediction.model.network.pathway.places
    regions: dict[str, list[Text]] = {}
    for row in answer.readouts:
        region = row.place.partition(".")[0]
        label = places[region].label if region in places else region or "elsewhere"
        regions.setdefault(label, []).append(_cell(answer, row))
    room = width - max(map(len, regions), default=0) - 4
    for label, cells in regions.items():
        table.add_row(label, _flow(cells, room))
    return table


def _cell(answer: Answer, row: Row) -> Text:
    glyph, style = CALLS[row.call]
    marks = (("!", row.is_fragile), ("~", row.borderline), ("*", _is_proved(row)))
    mark = "".join(sign for sign, holds in marks if holds)
    name = short_name(answer.prediction, row)
    text = Text(f"{glyph} {name} {row.odds.probability(row.call):.2f}{mark}")
    text.stylize(style, 0, 1)
    return text


def _flow(cells: Sequence[Text], width: int) -> Text:
    flowing = Text()
    used = 0
    for cell in cells:
        if used and used + 3 + cell.cell_len > width:
            flowing.append("\n")
            used = 0
        elif used:
            flowing.append("   ")
            used += 3
        flowing.append_text(cell)
        used += cell.cell_len
    return flowing


def _is_proved(row: Row) -> bool:
    """Whether a change is certain in direction; that nothing can happen is told apart from it."""
    return row.certainty.is_certain and row.call in (Call.UP, Call.DOWN)


def _marks(answer: Answer) -> Text:
    shown, prediction = answer.readouts, answer.prediction
    words = [
        sentence
        for sentence, holds in (
            ("! another built-in prior would not call it so", any(row.is_fragile for row in shown)),
            ("~ hangs on the threshold", any(row.borderline for row in shown)),
            ("* certain: no weights can reverse it", any(map(_is_proved, shown))),
        )
        if holds
    ]
    lines = [f" {' · '.join(words)}"] if words else []
    lines += [f" {line}" for line in _certain(prediction)]
    given = prediction.treatment.administrations
    lines += [f" {line}" for line in told_peripheral(given)]
    titles = {one.drug.name: one.drug.title for one in given}
    for drug, targets in prediction.unplaced.items():
        if targets:
            lines.append(
                f" {titles[drug]} also binds {', '.join(targets)}: no node of the circuit."
            )
    return Text("\n" + "\n".join(lines), style="bright_black")


def _certain(prediction: Prediction) -> Iterable[str]:
    touched = {contact.node for contact in prediction.perturbation.contacts}
    if not touched and prediction.treatment.condition is None:
        yield "Nothing that was given binds anything in this circuit: no prediction can be made."
        return
    index = prediction.model.network.index
    rows = [row for row in prediction if index[row.node] not in touched and _is_proved(row)]
    if rows:
        named = ", ".join(f"{CALLS[row.call][0]} {row.node}" for row in rows[:_MOST_CERTAIN])
        more = f" and {len(rows) - _MOST_CERTAIN} more" if len(rows) > _MOST_CERTAIN else ""
        yield f"Certain given the arrows of this circuit, whatever their weights: {named}{more}."
    still = [prediction[name] for name in prediction.readouts]
    still = [row for row in still if row.certainty.ground is Ground.UNREACHED]
    if still:
        names = ", ".join(row.node for row in still[:_MOST_CERTAIN])
        more = f" and {len(still) - _MOST_CERTAIN} more" if len(still) > _MOST_CERTAIN else ""
        yield f"Nothing leads to {names}{more}."


def _reasons(answer: Answer) -> Iterable[Text]:
    """The path behind the strongest calls, one line each."""
    model = answer.prediction.model
    called = [row for row in answer.readouts if row.call in (Call.UP, Call.DOWN)]

    def relative(row: Row) -> float:
        return abs(row.odds.median) / max(float(model.ranges[model.network.index[row.node]]), 1e-9)

    seen: set[tuple[str, ...]] = set()
    for row in sorted(called, key=lambda row: (-relative(row), row.node)):
        route = main_route(answer.prediction, row.node)
        # Readouts behind the same first steps would only repeat each other.
        start = route.nodes[:4] if route else ()
        if start in seen:
            continue
        seen.add(start)
        glyph, style = CALLS[row.call]
        line = Text(f"{glyph} {row.node}  {answer.why(row.node)}")
        line.stylize(style, 0, 1)
        line.stylize("bold", 2, 2 + len(row.node))
        yield line
        if len(seen) == _MOST_REASONS:
            return


def _show_rest(answer: Answer, console: Console) -> None:
    names = " ".join(one.drug.name for one in answer.prediction.treatment.administrations)
    line = Text(f" {_counted(Checks(answer.checks).tally)}")
    if names:
        line.append(f"   all, with reasons in full: raphe check {names}", style="bright_black")
    console.print(line)


def _summary(checks: Sequence[Check], width: int) -> Group:
    """All findings that say the same on one line, their reason below, cut to a line."""
    alike: dict[tuple[str, ...], list[Check]] = {}
    for check in checks:
        alike.setdefault((check.readout, check.reported, _predicted(check)), []).append(check)
    lines: list[Text] = []
    for (readout, reported, predicted), several in list(alike.items())[:_MOST_FINDINGS]:
        glyph, style = VERDICTS[several[0].verdict]
        times = f" (×{len(several)})" if len(several) > 1 else ""
        line = Text(f"{glyph} {readout}{times}: reported {reported}, predicted {predicted}")
        line.stylize(style, 0, 1)
        why = Text(f"  {several[0].why}", style="bright_black")
        for text in (line, why):
            text.truncate(max(width - 2, 20), overflow="ellipsis")
        lines += [line, why]
    return Group(*lines)


def _headline(check: Check) -> Text:
    """A finding on a line."""
    glyph, style = VERDICTS[check.verdict]
    line = Text(f"{glyph} {check.finding}")
    line.stylize(style, 0, 1)
    line.stylize("bold", 2)
    line.append(f"  {check.readout}: reported {check.reported}")
    if check.predicted:
        line.append(f", predicted {_predicted(check)}{'~' if _is_borderline(check) else ''}")
    if check.declared.disputed:
        line.append("  (disputed)")
    return line


def _finding(check: Check) -> Group:
    """A finding on a line, its reason in full below, and what was given and tested."""
    line = _headline(check)
    below = [check.why]
    if tested := _tested(check):
        below.append(tested)
    if check.verdict is not Verdict.AGREES and check.declared.note:
        below.append(f"Note: {check.declared.note}")
    return Group(line, *(Padding(Text(text, style="bright_black"), (0, 0, 0, 4)) for text in below))


def _is_borderline(check: Check) -> bool:
    return check.row is not None and check.row.borderline


def _tested(check: Check) -> str:
    """What the animals were given, and at which free concentrations it is predicted."""
    if check.predictions is None:
        return ""
    treatment, _ = treatments(check.declared, check.predictions.knowledge)
    parts = [
        f"{check.declared.drugs[name].dose or one.drug.name}, tested as {one.concentration} nM free"
        for name, one in zip(check.declared.drugs, treatment.administrations, strict=True)
    ]
    return f"Given: {'; '.join(parts)}." if parts else ""


def _predicted(check: Check) -> str:
    if not check.predicted:
        return "–"
    return (
        check.predicted
        if check.probability is None
        else f"{check.predicted} {check.probability:.2f}"
    )


def _counted(tally: dict[Verdict, int]) -> str:
    return " · ".join(f"{count} {verdict.value}" for verdict, count in tally.items())
