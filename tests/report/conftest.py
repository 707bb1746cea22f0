"""A made circuit with a made drug: the reports of it change with raphe, not with knowledge."""

from __future__ import annotations

from pathlib import Path

import pytest

from raphe.knowledge import Knowledge
from raphe.questions import Answer, predict
from raphe.report.assembly import assemble_report
from raphe.report.content import Illustration, Report
from raphe.settings import Setting

TINY = Path(__file__).parent / "tiny"


@pytest.fixture(scope="session")
def within() -> Setting:
    return Setting(Knowledge((TINY,)), circuit="loop", draws=300)


@pytest.fixture(scope="session")
def answer(within: Setting) -> Answer:
    return predict("madeupine", within=within)


@pytest.fixture(scope="session")
def report(answer: Answer) -> Report:
    return assemble_report(answer, [Illustration("loop", "The loop", ("loop.svg", "loop.dot"))])


@pytest.fixture(scope="session")
def drawing() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="60pt" viewBox="0 0 90 60">'
        '<title>The loop</title><g id="node-soma.firing" data-node="soma.firing">'
        '<title>firing</title><rect id="box" fill="#FBDCC4" width="9" height="9"/></g>'
        '<path fill="url(#box)" d="M0 0"/></svg>'
    )
