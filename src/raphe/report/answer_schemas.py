"""JSON Schemas of the answers of all commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from raphe.report.answer_json import CHECK_SCHEMA, PREDICT_SCHEMA, ChecksAnswer, PredictionAnswer
from raphe.report.augment_json import AUGMENT_SCHEMA, AugmentAnswer
from raphe.report.course_json import COURSE_SCHEMA, CourseAnswer
from raphe.report.diff_json import DIFF_SCHEMA, DiffAnswer
from raphe.report.dose_json import DOSE_SCHEMA, DoseAnswer
from raphe.report.explain_json import EXPLAIN_SCHEMA, ExplainAnswer
from raphe.report.given_json import GIVEN_SCHEMA, GivenAnswer
from raphe.report.joint_json import CONSISTENT_SCHEMA, ConsistentAnswer
from raphe.report.next_json import NEXT_SCHEMA, NextAnswer
from raphe.report.press_json import PRESS_SCHEMA, PressAnswer
from raphe.report.score_json import SCORE_SCHEMA, ScoreAnswer
from raphe.report.together_json import TOGETHER_SCHEMA, TogetherAnswer

#: The name of each answer's schema and its form, by the command that gives it.
ANSWERS: Mapping[str, tuple[str, Any]] = {
    "augment": (AUGMENT_SCHEMA, AugmentAnswer),
    "check": (CHECK_SCHEMA, ChecksAnswer),
    "consistent": (CONSISTENT_SCHEMA, ConsistentAnswer),
    "consistent-findings": (TOGETHER_SCHEMA, TogetherAnswer),
    "course": (COURSE_SCHEMA, CourseAnswer),
    "diff": (DIFF_SCHEMA, DiffAnswer),
    "dose": (DOSE_SCHEMA, DoseAnswer),
    "explain": (EXPLAIN_SCHEMA, ExplainAnswer),
    "given": (GIVEN_SCHEMA, GivenAnswer),
    "next": (NEXT_SCHEMA, NextAnswer),
    "predict": (PREDICT_SCHEMA, PredictionAnswer),
    "press": (PRESS_SCHEMA, PressAnswer),
    "score": (SCORE_SCHEMA, ScoreAnswer),
}


def answer_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schemas of all answers, by the command that gives them.

    Examples
    --------
    >>> answer_schemas()["predict"]["title"]
    'raphe.predict/1'
    """
    return {
        command: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **TypeAdapter(answer).json_schema(),
            "title": name,
        }
        for command, (name, answer) in ANSWERS.items()
    }
