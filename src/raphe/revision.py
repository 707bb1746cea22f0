"""Versions of a knowledge folder: folders, or revisions of one that git keeps."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from raphe.errors import InputError, Problem, UnavailableError
from raphe.knowledge import USUAL_CIRCUIT, Knowledge, folder_problem, load_knowledge

#: Where a repository keeps its knowledge, unless it is said.
USUAL_FOLDER = "pathways"


@dataclass(frozen=True)
class Revision:
    """A version of the knowledge, under the name by which it was asked for."""

    name: str
    knowledge: Knowledge


@contextmanager
def open_revision(
    name: str,
    folder: str = USUAL_FOLDER,
    circuit: str = USUAL_CIRCUIT,
    further: Sequence[Path] = (),
) -> Iterator[Revision]:
    """A folder, or a revision of one that git keeps; what git keeps is unpacked for as long.

    Parameters
    ----------
    name
        A folder's path, or else what git takes for a commit (``main``, ``HEAD~3``, ``v0.9``).
    folder
        Where the repository keeps its knowledge, from its top.
    circuit
        A folder that declares this circuit stands by itself; any other extends the library.
    further
        Folders that extend it.

    Raises
    ------
    InputError
        It is neither, or holds no knowledge.
    UnavailableError
        It is no folder, and there is no git to ask.
    """
    if Path(name).is_dir():
        yield _revision(name, Path(name), circuit, further)
        return
    with tempfile.TemporaryDirectory(prefix="raphe-") as temporary:
        unpacked = Path(temporary) / f"{PurePosixPath(folder).name or USUAL_FOLDER}"
        _unpack(_archive(name, folder), unpacked)
        try:
            yield _revision(name, unpacked, circuit, further)
        except InputError as error:
            raise InputError(
                _as_git_names_it(one, temporary, name) for one in error.problems
            ) from None


def _as_git_names_it(problem: Problem, temporary: str, name: str) -> Problem:
    """A problem of a file that is unpacked, under the name that it has in the revision."""
    parts = (problem.what, problem.remedy, problem.file)
    what, remedy, file = (part.replace(f"{temporary}/", f"{name}:") for part in parts)
    return replace(problem, what=what, remedy=remedy, file=file)


def _revision(name: str, folder: Path, circuit: str, further: Sequence[Path]) -> Revision:
    problems = [one for one in map(folder_problem, (folder, *further)) if one]
    if problems:
        raise InputError(problems)
    if (folder / "circuits" / f"{circuit}.yaml").is_file():
        return Revision(name, Knowledge((folder, *further)))
    return Revision(name, load_knowledge((folder, *further)))


def _archive(name: str, folder: str) -> bytes:
    """What git keeps of a folder at a revision, as a tar file."""
    top = _git("rev-parse", "--show-toplevel", name=name)
    if top is None:
        remedy = "Name a folder with drugs/, findings/, … in it, or work in a git repository."
        raise InputError([Problem(f"no folder '{name}'.", remedy)])
    where = ("-C", top.decode().strip())
    # What begins with a dash would be an option.
    known = not name.startswith("-") and _git(
        *where, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", name=name
    )
    if not known:
        what = f"no folder and no git revision '{name}'."
        raise InputError([Problem(what, "'git log --oneline' names those that there are.")])
    commit = known.decode().strip()
    inside = folder.strip("/")
    archive = _git(*where, "archive", "--format=tar", f"{commit}:{inside}", name=name)
    if archive is None:
        what = f"revision '{name}' has no folder '{inside}'."
        raise InputError([Problem(what, "Name its knowledge folder with '--folder'.")])
    return archive


def _git(*arguments: str, name: str) -> bytes | None:
    """What git prints; None where it refuses."""
    try:
        done = subprocess.run(("git", *arguments), capture_output=True, check=False)
    except OSError:
        what = f"'{name}' is no folder, and git, which may know it, cannot be run."
        raise UnavailableError(what, "Install git, or name two folders.") from None
    return done.stdout if done.returncode == 0 else None


def _unpack(archive: bytes, folder: Path) -> None:
    """The YAML files of an archive, and nothing outside of the folder."""
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        for member in packed:
            path = PurePosixPath(member.name)
            file = packed.extractfile(member) if member.isfile() else None
            if file is None or path.suffix != ".yaml" or path.is_absolute() or ".." in path.parts:
                continue
            goal = folder / path
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(file.read())
