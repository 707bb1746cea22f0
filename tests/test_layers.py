"""Imports run one way, and importing does nothing."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import raphe

ROOT = Path(raphe.__file__).parent
#: What is declared: it knows nothing of files, networks or answers.
VALUES = (
    "sign",
    "errors",
    "units",
    "evidence",
    "reference",
    "grades",
    "kinds",
    "pathway",
    "target",
    "drug_class",
    "drug",
    "caution",
)
VALUES = tuple(f"raphe.{name}" for name in (*VALUES, "finding", "condition", "workflow", "view"))
#: Bytes and text to values.
READING = tuple(
    f"raphe.formats.{name}" for name in ("plain_text", "yaml_text", "validation", "documents")
)
#: What takes long to import, and is needed for few answers.
HEAVY = ("networkx", "scipy", "matplotlib", "pandas", "IPython", "clingo")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def imported(path: Path, everywhere: bool = False) -> Iterator[str]:
    """Modules that a file imports when it is imported, or anywhere in it."""

    def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
        for one in body:
            yield one
            if everywhere or not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                for field in ("body", "orelse", "finalbody"):
                    yield from statements(getattr(one, field, []))
                for handler in getattr(one, "handlers", []):
                    yield from statements(handler.body)

    for one in statements(ast.parse(path.read_text("utf-8")).body):
        if isinstance(one, ast.Import):
            yield from (alias.name for alias in one.names)
        elif isinstance(one, ast.ImportFrom):
            assert not one.level, f"{path.name}:{one.lineno} imports by a relative path"
            module = one.module or ""
            inside = [f"{module}.{alias.name}" for alias in one.names]
            # `from raphe.assay import ic50` imports a module; `from raphe.sign import Sign` a name.
            yield from (name if name in FILES else module for name in inside)


GRAPH = {name: set(imported(path)) for name, path in FILES.items()}
OWN = {
    name: {one for one in found if one.split(".")[0] == "raphe"} for name, found in GRAPH.items()
}


def closure(name: str) -> set[str]:
    """Everything of raphe that is imported with a module."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for one in OWN.get(waiting.pop(), ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return seen


def within(names: set[str], *packages: str) -> set[str]:
    return {name for name in names if any(f"{name}.".startswith(f"{one}.") for one in packages)}


def test_there_are_modules_to_look_at():
    assert len(FILES) > 30
    assert "raphe.sign" in OWN["raphe.pathway"]
    assert "raphe.pathway" in closure("raphe.network")


def test_no_modules_import_each_other():
    assert list(TopologicalSorter(OWN).static_order())


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_module_imports_its_own_root(name):
    assert "raphe" not in set(imported(FILES[name], everywhere=True))


@pytest.mark.parametrize("name", sorted(set(FILES) - {"raphe"}))
def test_what_is_imported_from_raphe_is_there(name):
    assert OWN[name] <= set(FILES)


def test_values_import_values_only():
    for name in VALUES:
        assert closure(name) <= set(VALUES), name


def test_reading_imports_values_only():
    for name in READING:
        assert closure(name) <= {*VALUES, *READING}, name


def test_formats_compute_nothing_and_print_nothing():
    for name in within(set(FILES), "raphe.formats"):
        forbidden = (
            "raphe.propagation",
            "raphe.prediction",
            "raphe.cli",
            "raphe.diagram",
            "raphe.report",
        )
        assert not within(closure(name), *forbidden), name


def test_diagrams_know_errors_and_signs_and_nothing_else_of_raphe():
    for name in within(set(FILES), "raphe.diagram"):
        others = OWN[name] - within(OWN[name], "raphe.diagram")
        assert others <= {"raphe.errors", "raphe.sign"}, name


def test_yaml_is_known_to_formats_only():
    assert {name for name, found in GRAPH.items() if "yaml" in found} == {"raphe.formats.yaml_text"}


def test_nothing_imports_the_command_line():
    for name, found in OWN.items():
        if not within({name}, "raphe.cli", "raphe.__main__"):
            assert not within(found, "raphe.cli"), name


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_heavy_is_imported_at_the_top_of_a_module(name):
    assert not {one.split(".")[0] for one in GRAPH[name]} & set(HEAVY)


#: Imports every module of raphe under watch, after what raphe itself stands on.
WATCHED = """
import json, os, sys
import click, graphviz, numpy, pydantic, rich, yaml
names, root = json.loads(sys.argv[1]), sys.argv[2]
touched = []
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC

def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if (mode and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & writing):
            touched.append(f"{event} {path}")
    elif event.split(".")[0] in ("shutil", "socket", "subprocess", "tempfile") or event in (
        "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.system", "os.chdir", "os.putenv",
    ):
        touched.append(event)

class Environment(dict):
    def __getitem__(self, key):
        self.note(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        self.note(key)
        return super().get(key, default)

    def note(self, key):
        frame = sys._getframe(2)
        while frame.f_globals["__name__"] == "os":
            frame = frame.f_back
        if frame.f_code.co_filename.startswith(root):
            touched.append(f"environment {key}")

os.environ = Environment(os.environ)
before = sys.getrecursionlimit(), os.getcwd()
sys.addaudithook(watch)
for name in names:
    __import__(name)
assert before == (sys.getrecursionlimit(), os.getcwd())
print(json.dumps([touched, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def under_watch(names: list[str], script: str = WATCHED) -> tuple[list[str], list[str]]:
    """What importing modules touches, and the packages that are loaded afterwards."""
    run = subprocess.run(
        [sys.executable, "-B", "-c", script, json.dumps(names), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert run.returncode == 0, run.stderr
    touched, loaded = json.loads(run.stdout)
    return touched, loaded


def test_importing_writes_nothing_and_reads_no_environment():
    touched, loaded = under_watch([name for name in FILES if not name.endswith("__main__")])
    assert touched == []
    assert not set(loaded) & set(HEAVY)


def test_the_watch_would_have_noticed(tmp_path):
    """A module that does on import what none of raphe's does."""
    module = tmp_path / "raphe_like.py"
    module.write_text(
        "import os\n"
        "os.environ['HOME'], os.environ.get('HOME'), os.getenv('HOME')\n"
        f"open({str(tmp_path / 'x')!r}, 'w').close()\n"
        f"os.mkdir({str(tmp_path / 'y')!r})\n"
    )
    script = WATCHED.replace("sys.argv[2]", repr(str(tmp_path)), 1).replace(
        "touched = []", f"touched = []; sys.path.insert(0, {str(tmp_path)!r})", 1
    )
    touched, _ = under_watch(["raphe_like"], script)
    assert touched == ["environment HOME"] * 3 + [f"open {tmp_path / 'x'}", "os.mkdir"]
