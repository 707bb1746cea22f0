"""Writes the golden DOT texts anew: ``PYTHONPATH=tests python tests/diagram/write_golden.py``.

Look at the difference before it is kept.
"""

from __future__ import annotations

from pathlib import Path

from diagram.pictures import every
from raphe.diagram.dot import to_dot


def main() -> None:
    """Write one file for each figure."""
    for name, figure in every().items():
        path = Path(__file__).with_name("golden") / f"{name}.dot"
        path.write_text(to_dot(figure), encoding="utf-8")


if __name__ == "__main__":
    main()
