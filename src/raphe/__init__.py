"""raphe: what a drug moves in a signaling pathway, and why.

>>> import raphe
>>> answer = raphe.predict("mirtazapine", regimen="chronic")
>>> answer["LC.firing"].call.value
'up'
"""

from importlib.metadata import version

from raphe.errors import InputError, RapheError, UnavailableError
from raphe.questions import Answer, Checks, Setting, check, predict, setting

__version__ = version("raphe")

__all__ = [
    "Answer",
    "Checks",
    "InputError",
    "RapheError",
    "Setting",
    "UnavailableError",
    "check",
    "predict",
    "setting",
]
