"""The optional libraries of this room, imported when a calculation first needs them."""

from __future__ import annotations

import importlib
from types import ModuleType

from raphe.errors import UnavailableError


def require(module: str) -> ModuleType:
    """The module of that name, or an error that says how to get it.

    Only fits, confidence intervals and plots need more than numpy, so the libraries behind
    them (scipy, matplotlib) are an extra and nobody pays for them at import.

    Raises
    ------
    UnavailableError
        The library is not installed.

    Examples
    --------
    >>> require("scipy.special").__name__
    'scipy.special'
    >>> require("no_such_library")
    Traceback (most recent call last):
    raphe.errors.UnavailableError: no_such_library is not installed. Run: pip install "raphe[assay]"
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        library = module.partition(".")[0]
        if (missing.name or "").partition(".")[0] != library:
            raise
        raise UnavailableError(
            f"{library} is not installed.", 'Run: pip install "raphe[assay]"'
        ) from None
