"""Finds, loads and indexes the knowledge base: the library, and the user's own folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from raphe.condition import Condition
from raphe.drug import Drug
from raphe.errors import InputError, NotFoundError, Problem, nearest, not_one_of
from raphe.evidence import Declared, Reference
from raphe.finding import Finding, Findings
from raphe.formats.documents import Document, read_document
from raphe.pathway import Cascade, Circuit
from raphe.reference import References
from raphe.target import Targets
from raphe.view import View
from raphe.workflow import Workflow

Value = TypeVar("Value", bound=Declared)

#: What each folder of the knowledge base declares, one thing a file under the file's name.
NAMED: dict[str, type[Declared]] = {
    "cascades": Cascade,
    "circuits": Circuit,
    "conditions": Condition,
    "drugs": Drug,
    "figures": View,
    "workflows": Workflow,
}
#: The key that says in a file what it declares, by folder.
KEYS = {
    "cascades": "pathway",
    "circuits": "circuit",
    "conditions": "condition",
    "drugs": "drug",
    "figures": "figure",
    "workflows": "workflow",
    "findings": "findings",
    "references": "references",
}
#: What each folder declares whose files hold many things under ids of their own.
COLLECTED: dict[str, type[Declared]] = {"findings": Findings, "references": References}
#: The circuit that drugs are tried on unless another is asked for.
USUAL_CIRCUIT = "monoamine"

_SINGULAR = {kind: kind.removesuffix("s") for kind in (*NAMED, *COLLECTED)}


@dataclass(frozen=True)
class Knowledge:
    """Folders of knowledge, the later overriding the earlier; files are read when asked for.

    Examples
    --------
    >>> "desipramine" in load_knowledge().names("drugs")
    True
    """

    folders: tuple[Path, ...]

    def extended_by(self, folders: Iterable[Path]) -> Knowledge:
        """The same with more folders, as far as they are not among its own."""
        own = {folder.resolve() for folder in self.folders}
        new = {folder.resolve(): folder for folder in reversed(list(folders))}
        further = [folder for path, folder in reversed(new.items()) if path not in own]
        extended = Knowledge((*self.folders, *further))
        extended._read.update(self._read)
        return extended

    @cached_property
    def _read(self) -> dict[Path, Document[Any]]:
        return {}

    @cached_property
    def _files(self) -> dict[str, dict[str, Path]]:
        """Files by kind and name; one of a later folder hides its namesake of an earlier one."""
        kinds: dict[str, dict[str, Path]] = {}
        for kind in (*NAMED, *COLLECTED):
            found: dict[str, Path] = {}
            for number, folder in enumerate(self.folders):
                for path in sorted((folder / kind).glob("*.yaml")):
                    key = path.stem if kind in NAMED else f"{number}/{path.stem}"
                    found[key] = path
            kinds[kind] = found
        return kinds

    def shown(self, path: Path) -> str:
        """A file as messages name it: as the user did, and in the library from its folder."""
        library = library_folder()
        if path.is_relative_to(library):
            return str(Path(library.name) / path.relative_to(library))
        return str(path)

    def files(self) -> list[tuple[Path, type[Declared]]]:
        """Every file with what it declares, those that are overridden included."""
        listed: list[tuple[Path, type[Declared]]] = []
        for folder in self.folders:
            for kind, model in sorted({**NAMED, **COLLECTED}.items()):
                listed += [(path, model) for path in sorted((folder / kind).glob("*.yaml"))]
            if (folder / "targets.yaml").exists():
                listed.append((folder / "targets.yaml", Targets))
        return listed

    def changed_at(self) -> int:
        """When a file of it was last written, in nanoseconds; none of them is read."""
        return max((path.stat().st_mtime_ns for path, _ in self.files()), default=0)

    def names(self, kind: str) -> list[str]:
        """Names of all things of a kind, sorted.

        Raises
        ------
        InputError
            There is no such kind.
        """
        if kind in NAMED:
            return sorted(self._files[kind])
        if kind == "findings":
            return sorted(self.findings)
        if kind == "references":
            return sorted(self.references)
        if kind == "targets":
            return sorted(self.targets.targets)
        kinds = sorted([*NAMED, *COLLECTED, "targets"])
        raise InputError([not_one_of(kinds, "kind", kind)])

    def document(self, kind: str, name: str) -> Document[Any]:
        """The file of a named thing.

        Raises
        ------
        InputError
            Nothing of that name is there, or its file is wrong.
        """
        if name not in self._files[kind]:
            known = self.names(kind)
            raise NotFoundError(
                [
                    Problem(
                        f"no {_SINGULAR[kind]} '{name}'.",
                        nearest(name, known) or f"'raphe list {kind}' names those that there are.",
                    )
                ]
            )
        document = self.read(self._files[kind][name], NAMED[kind])
        if problem := misnamed(document, kind, name):
            raise InputError([problem])
        return document

    def read(self, path: Path, model: type[Value]) -> Document[Value]:
        """A file of it, read once."""
        if path not in self._read:
            self._read[path] = read_document(path, model, self.shown(path))
        return self._read[path]

    def circuit(self, name: str = USUAL_CIRCUIT) -> Document[Circuit]:
        """A circuit."""
        return self.document("circuits", name)

    def cascade(self, name: str) -> Document[Cascade]:
        """A cascade."""
        return self.document("cascades", name)

    def drug(self, name: str) -> Drug:
        """A drug, by its name or a synonym, whatever the case."""
        if name in self._files["drugs"]:
            return self.document("drugs", name).value  # type: ignore[no-any-return]
        folded = name.casefold()
        synonyms: dict[str, str] = {}
        for known in self.names("drugs"):
            if known.casefold() == folded:
                return self.drug(known)
        for known in self.names("drugs"):
            try:
                drug = self.drug(known)
            except InputError:
                # A file that is wrong is told of when it is asked for, or by validation.
                continue
            synonyms |= dict.fromkeys((drug.title, *drug.synonyms), known)
        for synonym, known in synonyms.items():
            if synonym.casefold() == folded:
                return self.drug(known)
        remedy = (
            nearest(name, [*self.names("drugs"), *synonyms])
            or "'raphe list drugs' names those that there are, 'raphe new drug' begins another."
        )
        raise NotFoundError([Problem(f"no drug '{name}'.", remedy)])

    def condition(self, name: str) -> Condition:
        """A condition."""
        return self.document("conditions", name).value  # type: ignore[no-any-return]

    @cached_property
    def targets(self) -> Targets:
        """Targets and families of all folders."""
        merged = Targets()
        for folder in self.folders:
            path = folder / "targets.yaml"
            if path.exists():
                own = self.read(path, Targets).value
                merged = merged.extended_by(own)
        return merged

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """All findings, by id."""
        return self._collect("findings")

    @cached_property
    def references(self) -> dict[str, Reference]:
        """All references, by id."""
        return self._collect("references")

    def collections(self, kind: str) -> Iterable[Document[Any]]:
        """The files of a collected kind, in order of folder and name."""
        for path in self._files[kind].values():
            yield self.read(path, COLLECTED[kind])

    def _collect(self, kind: str) -> dict[str, Any]:
        collected: dict[str, Any] = {}
        where: dict[str, tuple[Path, str]] = {}
        problems: list[Problem] = []
        for path in self._files[kind].values():
            try:
                document = self.read(path, COLLECTED[kind])
            except InputError as error:
                problems += error.problems
                continue
            for name, value in getattr(document.value, kind).items():
                folder = path.parent.parent
                if name in where and where[name][0] == folder:
                    problems.append(
                        document.source.problem(
                            (kind, name),
                            f"{_SINGULAR[kind]} '{name}' stands here a second time.",
                            f"The first is in {where[name][1]}; rename or remove one.",
                            at_key=True,
                        )
                    )
                collected[name] = value
                where[name] = (folder, self.shown(path))
        if problems:
            raise InputError(problems)
        return dict(sorted(collected.items()))


def misnamed(document: Document[Any], kind: str, name: str) -> Problem | None:
    """The problem of a file that declares another name than its own, if it does."""
    if document.value.name == name:
        return None
    return document.source.problem(
        (KEYS[kind],),
        f"the {_SINGULAR[kind]} is named '{document.value.name}', its file '{name}.yaml'.",
        "Give both the same name.",
    )


def library_folder() -> Path:
    """The knowledge base that ships with raphe."""
    installed = Path(__file__).parent / "pathways"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "pathways"


def load_knowledge(folders: Sequence[Path | str] = ()) -> Knowledge:
    """The library that ships, extended or overridden by the user's own folders, in order.

    Raises
    ------
    InputError
        A folder is not there, or holds nothing that raphe knows.
    """
    own = [Path(folder) for folder in folders]
    problems = [folder_problem(folder) for folder in own]
    if any(problems):
        raise InputError(problem for problem in problems if problem)
    return Knowledge((library_folder(), *own))


def folder_problem(folder: Path) -> Problem | None:
    """The problem of a folder that is no knowledge base, if it is none."""
    expected = (*NAMED, *COLLECTED)
    if not folder.is_dir():
        return Problem(f"no folder '{folder}'.", "Name a folder with drugs/, findings/, … in it.")
    if (
        not any((folder / kind).is_dir() for kind in expected)
        and not (folder / "targets.yaml").exists()
    ):
        inside = ", ".join(sorted(expected))
        return Problem(f"'{folder}' holds no knowledge.", f"It has subfolders out of: {inside}.")
    return None
