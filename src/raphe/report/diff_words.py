"""What changed a call, as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from raphe.attribution import ChangedCall, Swap
from raphe.report.wording import joined


def attribution(call: ChangedCall, swaps: int, name: Callable[[Swap], str]) -> str:
    """Which differences did it.

    Parameters
    ----------
    call
        A readout that is called otherwise.
    swaps
        How many differences were swapped.
    name
        How a swap is called.
    """

    def named(several: Iterable[Swap]) -> str:
        return joined(map(name, several))

    if len(call.did) == 1:
        text = f"{name(call.did[0])} did it: enough alone, and needed."
        others = [one for one in call.needed if one not in call.did]
        return text + (f" Also needed by now: {named(others)}." if others else "")
    if call.alone and call.needed:
        return f"Enough alone: {named(call.alone)}. Not without: {named(call.needed)}."
    if call.alone:
        if len(call.alone) == 1:
            rest = "without it the others bring it about too"
            return f"{name(call.alone[0])} is enough alone; {rest}."
        return f"Each alone is enough, so none is needed: {named(call.alone)}."
    if len(call.needed) == 1:
        return f"Not without {name(call.needed[0])}, and not by it alone: others have to help."
    if call.needed and call.suffices:
        return f"Only together: {named(call.needed)}."
    if call.needed:
        return f"Not without {named(call.needed)}, and not by these alone."
    if swaps == 1:
        return "The one difference that there is did it."
    return f"Only a combination did it: none of {swaps} differences is enough, none is needed."
