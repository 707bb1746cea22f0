"""raphe: what a drug moves in a signaling pathway, and why.

>>> import raphe
>>> answer = raphe.predict("mirtazapine", regimen="chronic")
>>> answer["LC.firing"].call.value
'up'
"""

from typing import TYPE_CHECKING, Any

from raphe.errors import InputError, RapheError, UnavailableError
from raphe.questions import Answer, Checks, Setting, check, predict, score, setting
from raphe.version import __version__

if TYPE_CHECKING:
    from raphe.joint.asking import consistent
    from raphe.pictures import Drawing, draw

__all__ = [
    "Answer",
    "Checks",
    "Drawing",
    "InputError",
    "RapheError",
    "Setting",
    "UnavailableError",
    "__version__",
    "check",
    "consistent",
    "draw",
    "predict",
    "score",
    "setting",
]


def __getattr__(name: str) -> Any:
    """Load what draws, and what solves, when it is first asked for: most questions need neither."""
    if name == "consistent":
        from raphe.joint import asking

        return asking.consistent
    if name in ("Drawing", "draw"):
        from raphe import pictures

        return getattr(pictures, name)
    raise AttributeError(f"module 'raphe' has no attribute '{name}'")
