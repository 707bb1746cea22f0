"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from raphe.errors import UnavailableError


def write_files(folder: Path, contents: Mapping[str, str | bytes]) -> list[Path]:
    """Write several files into a folder, made if need be: all of them, or none.

    Everything is written beside its goal first and put in place when all of it is on disk, so that
    a full disk, a missing right or Ctrl-C leaves what was there before.

    Parameters
    ----------
    folder
        Where to.
    contents
        By name of the file; a name may have folders in it.

    Returns
    -------
    list of Path
        In order of the mapping.

    Raises
    ------
    UnavailableError
        The folder cannot be written to.
    """
    goals = [folder / name for name in contents]
    staged: list[Path] = []
    try:
        for goal, content in zip(goals, contents.values(), strict=True):
            goal.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            handle, name = tempfile.mkstemp(dir=goal.parent, prefix=".raphe-")
            staged.append(Path(name))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
        for goal in goals:
            if goal.is_dir():
                raise UnavailableError(
                    f"'{goal}' is a folder.", "Remove it, or name another place with '-o'."
                )
        for temporary, goal in zip(staged, goals, strict=True):
            temporary.replace(goal)
    except OSError as error:
        where = error.filename or folder
        raise UnavailableError(
            f"cannot write '{where}': {error.strerror or error}.", "Name another place with '-o'."
        ) from None
    finally:
        for temporary in staged:
            temporary.unlink(missing_ok=True)
    return goals
