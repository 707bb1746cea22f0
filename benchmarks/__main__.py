"""``python -m benchmarks``: every question with its figure and the bar that it is held to."""

from __future__ import annotations

import sys

from benchmarks.joint import JOINT_MEASURES, PEERS
from benchmarks.measures import MEASURES


def main() -> int:
    """Print question, figure and bar; 1 if a bar is missed."""
    missed = 0
    beside = JOINT_MEASURES if PEERS.is_dir() else ()
    if not beside:
        print("left out: RAPHE_PEERS names no folder with other programs' data and answers")
    for measure in (*MEASURES, *beside):
        figure = measure.figure()
        passed = figure <= measure.bar
        missed += not passed
        mark = "ok    " if passed else "MISSED"
        print(
            f"{mark} {figure:9.3f} {measure.unit:<7} (at most {measure.bar:g})  {measure.question}",
            flush=True,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
