"""raphe: what a drug moves in a signaling pathway, and why.

>>> import raphe
>>> answer = raphe.predict("mirtazapine", regimen="chronic")
>>> answer["LC.firing"].call.value
'up'
"""

from raphe.errors import InputError, RapheError, UnavailableError
from raphe.questions import Answer, Checks, Setting, check, predict, setting
from raphe.version import __version__

__all__ = [
    "Answer",
    "Checks",
    "InputError",
    "RapheError",
    "Setting",
    "UnavailableError",
    "__version__",
    "check",
    "predict",
    "setting",
]
