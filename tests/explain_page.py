"""The page of explanations, written anew: each command of it, and what it prints.

``python tests/explain_page.py`` (``make explanations``) writes it after the circuit has changed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

from raphe.cli.main import run

PAGE = Path(__file__).parents[1] / "docs" / "explain.md"
#: A command, and right below it what it prints.
SAID = re.compile(
    r"^```\n(raphe explain [^\n]*--sentences)\n```\n\n```text\n(.*?)^```$", re.M | re.S
)


def printed(command: str) -> str:
    """What a command prints, on a page of 100 characters."""
    out = io.StringIO()
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"
    try:
        with contextlib.redirect_stdout(out):
            status = run(shlex.split(command)[1:])
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    assert status == 0, command
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def written(text: str) -> str:
    """The page with what its commands print now."""
    return SAID.sub(lambda one: f"```\n{one[1]}\n```\n\n```text\n{printed(one[1])}```", text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
