"""The folder that a report comes in: Markdown, HTML, diagrams and JSON, made together."""

from __future__ import annotations

import json
from typing import Any

from raphe.finding import Regimen
from raphe.knowledge import USUAL_CIRCUIT
from raphe.naming import experiment_name, safe_name
from raphe.pictures import Picture, picture_of_reasons, picture_of_view, render
from raphe.questions import Answer, Checks
from raphe.report.answer_json import checks_json, prediction_json
from raphe.report.assembly import assemble_report
from raphe.report.content import Illustration
from raphe.report.html import to_html
from raphe.report.markdown import to_markdown

_FORMATS = ("svg", "png", "dot")


def report_files(answer: Answer) -> dict[str, str | bytes]:
    """The files of a report, by name.

    The page shows the main paths of the prediction, and every declared figure of just these drugs.
    """
    pictures = report_pictures(answer)
    files: dict[str, str | bytes] = {}
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    illustrations = []
    for picture in pictures:
        own = render(picture, _FORMATS)
        files |= {f"diagrams/{name}": content for name, content in own.items()}
        light[picture.name] = str(own[f"{picture.name}.svg"])
        dark[picture.name] = str(render(picture, ("svg",), "dark")[f"{picture.name}_dark.svg"])
        caption = picture.figure.subtitle or picture.figure.title
        illustrations.append(
            Illustration(picture.name, caption, tuple(f"diagrams/{name}" for name in own))
        )
    report = assemble_report(answer, illustrations)
    return {
        "report.html": to_html(report, light, dark),
        "report.md": to_markdown(report),
        "prediction.json": _text(prediction_json(answer)),
        "checks.json": _text(checks_json(Checks(answer.checks))),
        **files,
    }


def report_pictures(answer: Answer) -> list[Picture]:
    """The main paths of a prediction, and it on the declared figures of its drugs and circuit."""
    prediction = answer.prediction
    knowledge = answer.setting.knowledge
    drugs = {given.drug.name for given in prediction.treatment.administrations}
    pictures = [picture_of_reasons(prediction)]
    for name in knowledge.names("figures"):
        view = knowledge.document("figures", name).value
        if (
            view.drugs
            and set(view.drugs) == drugs
            and (view.regimen or Regimen.CHRONIC) is prediction.regimen
            and view.circuit == answer.setting.circuit
        ):
            pictures.append(picture_of_view(name, view, prediction))
    return [one for one in pictures if one.figure.nodes]


def folder_name(answer: Answer) -> str:
    """The folder of a report, unless another is asked for: other experiments have others."""
    name = experiment_name(answer.prediction)
    circuit = answer.setting.circuit
    return name if circuit == USUAL_CIRCUIT else safe_name(name, "circuit", circuit)


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
