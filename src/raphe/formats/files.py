"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from raphe.errors import UnavailableError


def check_folder(folder: Path, option: str = "-o") -> None:
    """Make sure that files can be written into a folder, before long work is done for them.

    Nothing is left behind: a folder that is not there yet is made when it is written to.

    Parameters
    ----------
    option
        By which the folder was named.

    Raises
    ------
    UnavailableError
        It cannot be written to.

    Examples
    --------
    >>> check_folder(Path("/dev/null/pictures"))
    Traceback (most recent call last):
    raphe.errors.UnavailableError: cannot write '/dev/null/pictures': '/dev/null' is no folder...
    """
    there = next(one for one in (folder, *folder.absolute().parents) if _exists(one))
    why = f"'{there}' is no folder"
    if there.is_dir():
        try:
            with tempfile.TemporaryFile(dir=there, prefix=".raphe-"):
                return
        except OSError as error:
            why = error.strerror or str(error)
    raise UnavailableError(
        f"cannot write '{folder}': {why}.", f"Name another place with '{option}'."
    )


def _exists(place: Path) -> bool:
    """Whether it is there and may be looked at."""
    try:
        return place.exists()
    except OSError:
        return False


def write_files(
    folder: Path, contents: Mapping[str, str | bytes], option: str = "-o"
) -> list[Path]:
    """Write several files into a folder, made if need be: all of them, or none.

    Everything is written beside its goal first and put in place when all of it is on disk, so that
    a full disk, a missing right or Ctrl-C leaves what was there before.

    Parameters
    ----------
    folder
        Where to.
    contents
        By name of the file; a name may have folders in it.
    option
        By which the folder was named.

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
                    f"'{goal}' is a folder.", f"Remove it, or name another place with '{option}'."
                )
        for temporary, goal in zip(staged, goals, strict=True):
            temporary.replace(goal)
    except OSError as error:
        where = error.filename or folder
        raise UnavailableError(
            f"cannot write '{where}': {error.strerror or error}.",
            f"Name another place with '{option}'.",
        ) from None
    finally:
        for temporary in staged:
            temporary.unlink(missing_ok=True)
    return goals
