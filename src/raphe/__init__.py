"""raphe: what a drug moves in a signaling pathway, and why.

>>> import raphe
>>> answer = raphe.predict("mirtazapine", regimen="chronic")
>>> answer["LC.firing"].call.value
'up'
"""

from typing import TYPE_CHECKING, Any

from raphe.errors import InputError, RapheError, UnavailableError
from raphe.questions import Answer, Checks, Explained, check, explain, predict, score
from raphe.settings import Setting, setting
from raphe.version import __version__

if TYPE_CHECKING:
    from raphe.dose_response import DoseResponse
    from raphe.dose_response import dose_response as dose
    from raphe.joint.asking import consistent
    from raphe.pictures import Drawing, draw

__all__ = [
    "Answer",
    "Checks",
    "DoseResponse",
    "Drawing",
    "Explained",
    "InputError",
    "RapheError",
    "Setting",
    "UnavailableError",
    "__version__",
    "check",
    "consistent",
    "dose",
    "draw",
    "explain",
    "predict",
    "score",
    "setting",
]


def __getattr__(name: str) -> Any:
    """Load what draws, sweeps or solves when it is first asked for: most questions need none."""
    if name in ("DoseResponse", "dose"):
        from raphe import dose_response

        return getattr(dose_response, {"dose": "dose_response"}.get(name, name))
    if name == "consistent":
        from raphe.joint import asking

        return asking.consistent
    if name in ("Drawing", "draw"):
        from raphe import pictures

        return getattr(pictures, name)
    raise AttributeError(f"module 'raphe' has no attribute '{name}'")
