"""The command line where the surroundings are not what one hopes for."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from raphe.cli import listing, predict
from raphe.cli.main import run
from raphe.cli.output import print_json, progress, terminal, tracked
from raphe.knowledge import load_knowledge

SMALL = ("predict", "mirtazapine", "--draws", "50")
NARROW = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENCODINGS = [{"PYTHONIOENCODING": "ascii"}, NARROW]


def raphe(*arguments, env=None, **streams):
    """Run a command as a process of its own."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "PYTHON")) and name not in ("LANG", "COLUMNS")
    }
    return subprocess.run(
        [sys.executable, "-m", "raphe", *arguments],
        env={**plain, **(env or {})},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def shell(line):
    """Run a line of shell in which ``raphe`` is the command."""
    command = f"raphe() {{ '{sys.executable}' -m raphe \"$@\"; }}; {line}"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True)


@pytest.fixture
def left_pipe():
    """The writing end of a pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize(
    "arguments",
    [SMALL, (*SMALL, "--json"), ("list", "findings"), ("list", "drugs", "--json"), ("--help",)],
)
def test_a_reader_that_has_left_is_no_error(left_pipe, arguments):
    done = raphe(*arguments, stdout=left_pipe)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [SMALL, (*SMALL, "--json"), ("list", "drugs")])
def test_a_closed_output_is_no_error(arguments):
    done = shell(f"raphe {' '.join(arguments)} >&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_errors_leave_the_answer():
    done = shell(f"raphe {' '.join(SMALL)} 2>&-")
    assert done.returncode == 0
    assert "Mirtazapine" in done.stdout
    assert shell("raphe predict mirtazapin 2>&-").returncode == 2


full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@full
@pytest.mark.parametrize("arguments", [SMALL, (*SMALL, "--json"), ("list", "drugs"), ("--help",)])
def test_a_full_disk_is_named(arguments):
    done = shell(f"raphe {' '.join(arguments)} >/dev/full")
    assert done.returncode == 2
    assert done.stderr == (
        "raphe: cannot write the answer: No space left on device. "
        "Free some space, or send it elsewhere.\n"
    )


@full
def test_errors_that_cannot_be_written_keep_their_status():
    assert shell("raphe predict mirtazapin 2>/dev/full").returncode == 2


@pytest.mark.parametrize("env", ENCODINGS)
def test_a_narrow_encoding_gets_escapes(env):
    done = raphe(*SMALL, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u25b2" in done.stdout
    assert done.stdout.isascii()


@pytest.mark.parametrize("env", [*ENCODINGS, {"PYTHONIOENCODING": "latin-1"}])
def test_json_is_json_in_every_encoding(env):
    narrow, wide = (
        raphe("list", "references", "--json", env=one)
        for one in (env, {"PYTHONIOENCODING": "utf-8"})
    )
    assert narrow.returncode == 0
    assert narrow.stdout.isascii()
    assert not wide.stdout.isascii()
    assert json.loads(narrow.stdout) == json.loads(wide.stdout)


@pytest.mark.parametrize("asked", [50, 1000])
def test_what_does_not_fit_into_memory_is_named(monkeypatch, capsys, asked):
    def too_large(*_, **__):
        raise MemoryError

    monkeypatch.setattr(predict, "predict", too_large)
    assert run(["predict", "mirtazapine", *(["--draws", str(asked)] if asked != 1000 else [])]) == 2
    assert capsys.readouterr().err == (
        f"raphe: not enough memory for {asked} draws. Ask for fewer with '--draws'.\n"
    )


def test_memory_without_draws(monkeypatch, capsys):
    def too_large(*_, **__):
        raise MemoryError

    monkeypatch.setattr(listing, "load_knowledge", too_large)
    assert run(["list", "drugs"]) == 2
    assert capsys.readouterr().err == "raphe: not enough memory.\n"


def test_alone_it_helps(capsys):
    assert run([]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Usage: raphe")
    assert "predict" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("module", ["click", "raphe.errors", "raphe.cli.predict", "rich.table"])
def test_an_interrupt_while_modules_are_read_is_an_interrupt(module):
    code = f"""
import sys
import raphe
sys.modules.pop({module!r}, None)
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
sys.argv = ["raphe", *{SMALL!r}]
from raphe.cli.main import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr.strip() == "raphe: interrupted."


def test_an_interrupt_does_not_claim_what_it_cannot_know(monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(predict, "predict", interrupt)
    assert run(list(SMALL)) == 130
    assert capsys.readouterr().err.strip() == "raphe: interrupted."


COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9]")


class Screen(io.StringIO):
    """A terminal that remembers what it was shown."""

    def isatty(self):
        return True


def screen(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = Screen()
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


@pytest.mark.parametrize("no_color", [False, True])
def test_the_spinner_heeds_the_wish_for_no_colour(monkeypatch, no_color):
    seen = screen(monkeypatch)
    with progress("thinking", False, no_color):
        pass
    shown = seen.getvalue()
    assert "thinking" in shown
    assert bool(COLOUR.search(shown)) is not no_color


@pytest.mark.parametrize("no_color", [False, True])
def test_the_bar_heeds_the_wish_for_no_colour(monkeypatch, no_color):
    seen = screen(monkeypatch)
    assert list(tracked([1, 2], 2, "checking", False, no_color)) == [1, 2]
    shown = seen.getvalue()
    assert "checking" in shown
    assert bool(COLOUR.search(shown)) is not no_color


@pytest.mark.parametrize(
    "arguments",
    [
        SMALL,
        ("check", "mirtazapine", "--draws", "50"),
        ("draw", "beta_gs", "--format", "dot"),
        ("report", "mirtazapine", "--draws", "50"),
        ("validate",),
    ],
)
def test_every_command_passes_the_wish_on(tmp_path, monkeypatch, arguments):
    seen = screen(monkeypatch)
    monkeypatch.chdir(tmp_path)
    assert run([*arguments, "--no-color"]) == 0
    shown = seen.getvalue()
    assert shown
    assert not COLOUR.search(shown)


def at_width(monkeypatch, capsys, width, *arguments):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(list(arguments)) == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()


def test_findings_can_be_read_at_80_columns(monkeypatch, capsys):
    lines = at_width(monkeypatch, capsys, 80, "list", "findings")
    assert lines[0].split() == ["name", "given", "readout", "reported"]
    assert all(len(line) <= 80 for line in lines)
    text = "\n".join(lines)
    for whole in ("desipramine, chronic", "normalised", "LC.firing", "unchanged"):
        assert whole in text
    # Names break between their parts: put together again they are whole.
    names = "".join(line[: lines[0].index("given")].strip() for line in lines[1:])
    assert all(name in names for name in load_knowledge().findings)
    assert sum("desipramine-" in line for line in lines) >= names.count("desipramine-") > 0


def test_findings_are_whole_as_json(capsys):
    assert run(["list", "findings", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["findings"]
    assert {"drugs", "regimen", "magnitude", "condition", "disputed"} <= set(rows[0])


@pytest.mark.parametrize("kind", listing.KINDS)
def test_no_list_is_wider_than_the_screen(monkeypatch, capsys, kind):
    for width in (60, 80, 120):
        lines = at_width(monkeypatch, capsys, width, "list", kind)
        assert all(len(line) <= width for line in lines)


def test_a_row_is_a_line_where_nobody_looks(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["list", "findings", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["findings"]
    assert run(["list", "findings"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rows) + 1


def test_without_a_kind_the_kinds_are_listed(capsys):
    assert run(["list"]) == 0
    printed = capsys.readouterr().out
    assert run(["list", "--json"]) == 0
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    assert [one["name"] for one in kinds] == list(listing.KINDS)
    for one in kinds:
        assert one["name"] in printed
        assert one["about"] in printed
        assert run(["list", one["name"], "--json"]) == 0


DOCS = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")


def keys(value):
    """Every key of an answer; those that are names of things are left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("settings", "evidence", "references", "unplaced"):
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        *(("list", kind) for kind in listing.KINDS),
        ("draw", "beta_gs", "--format", "dot"),
        ("validate",),
        ("report", "mirtazapine", "--draws", "50"),
        ("given", "desipramine", "--predict", "reboxetine", "--draws", "250"),
        ("next", "desipramine", "DRN.firing", "--with", "desipramine", "--draws", "250"),
        ("assay", "ic50", str(Path(__file__).parents[2] / "docs" / "assays" / "ic50.csv")),
    ],
)
def test_every_answer_is_documented(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    assert run([*arguments, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert f"`{answer['schema']}`" in DOCS
    section = DOCS.partition(f"\n## `{answer['schema']}`")[2].partition("\n## ")[0]
    for key in keys(answer):
        assert f"`{key}`" in section, key


def test_consoles_and_json_do_without_an_encoding(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    print_json({"a": "é"})
    terminal(True).print("é")
