"""The page of what ifs, written anew: its files, each command with an example, what it prints.

``python tests/whatif_page.py`` (``make explanations``) writes it after the knowledge has changed.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path

from explain_page import printed

PAGE = Path(__file__).parents[1] / "docs" / "whatif.md"
#: A command, and right below it what it prints.
SAID = re.compile(r"^```\n(raphe [^\n]*)\n```\n\n```example\n(.*?)^```$", re.M | re.S)
_FILES = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```$", re.M | re.S)


def written(text: str) -> str:
    """The page with what its commands print now."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, body in _FILES.findall(text):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(body, "utf-8")
        return SAID.sub(lambda one: f"```\n{one[1]}\n```\n\n```example\n{_body(one[1])}```", text)


def _body(command: str) -> str:
    return f"{printed(command).strip()}\n"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
