"""What changed a call, as a sentence."""

from __future__ import annotations

from raphe.attribution import ChangedCall, Swap
from raphe.report.wording import joined


def attribution(call: ChangedCall, swaps: int) -> str:
    """Which differences did it.

    Parameters
    ----------
    call
        A readout that is called otherwise.
    swaps
        How many differences were swapped.
    """
    if len(call.did) == 1:
        text = f"{call.did[0]} did it: enough alone, and without it the call stays."
        others = [one for one in call.needed if one not in call.did]
        return text + (f" Also needed by now: {_named(others)}." if others else "")
    if call.alone and call.needed:
        return f"Enough alone: {_named(call.alone)}. Not without: {_named(call.needed)}."
    if call.alone:
        if len(call.alone) == 1:
            rest = "without it the others bring it about too"
            return f"{call.alone[0]} is enough alone; {rest}."
        return f"Each alone is enough, so none is needed: {_named(call.alone)}."
    if len(call.needed) == 1:
        return f"Not without {call.needed[0]}, and not by it alone: the rest of the changes helps."
    if call.needed and call.suffices:
        return f"Only together: {_named(call.needed)}."
    if call.needed:
        return f"Not without {_named(call.needed)}, and not by these alone."
    if swaps == 1:
        return "The one difference that there is did it."
    return f"Only a combination did it: none of {swaps} differences is enough, none is needed."


def _named(swaps: list[Swap] | tuple[Swap, ...]) -> str:
    return joined(map(str, swaps))
