"""Answers of a report to the zone's questions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from companies.choices import QuestionKind
from companies.models import Answer, Question, Report
from companies.reporting.jumps import answer_field, newest
from core import records
from core.errors import Incomplete

TYPES: Mapping[str, tuple[type, ...]] = {
    QuestionKind.COUNT: (int,),
    QuestionKind.AMOUNT: (int, Decimal),
    QuestionKind.YES_NO: (bool,),
    QuestionKind.TEXT: (str,),
}


def keep_answers(report: Report, answers: Mapping[str, Any], questions: Mapping[str, Question]) -> None:
    """Write what is answered, by question code: int, Decimal, bool or str as the question's kind says, None for not
    known. What is asked and not answered is on record as not known. Wants the caller's transaction; Incomplete for a
    question that is not asked, and for a malformed answer."""
    _refuse_unasked(answers, questions)
    held = {answer.question_id: answer for answer in report.answers.select_related("question")}
    asked = [question for question in questions.values() if question.retired_at is None]
    new = [
        Answer(report=report, question=question, wording=newest(question))
        for question in asked
        if question.pk not in held
    ]
    held |= {answer.question_id: answer for answer in Answer.objects.bulk_create(new)}
    for code, value in answers.items():
        _write(held[questions[code].pk], questions[code], value)


def _refuse_unasked(answers: Mapping[str, Any], questions: Mapping[str, Question]) -> None:
    for code in answers:
        if code not in questions:
            raise Incomplete(_("The zone asks no question “%(code)s”.") % {"code": code})
        if questions[code].retired_at is not None:
            raise Incomplete(_("The zone no longer asks “%(code)s”: its answers stay as they are.") % {"code": code})


def _write(answer: Answer, question: Question, value: Any) -> None:
    value = value.strip() or None if isinstance(value, str) else value
    if value is not None and (type(value) not in TYPES[question.kind]):
        raise _malformed(question, _("This is no answer to such a question."))
    if value == answer.value and type(value) is type(answer.value):
        return
    answer.number = value if question.kind in (QuestionKind.COUNT, QuestionKind.AMOUNT) else None
    answer.yes = value if question.kind == QuestionKind.YES_NO else None
    answer.text = (value or "") if question.kind == QuestionKind.TEXT else ""
    answer.wording = newest(question)
    try:
        records.save(answer)
    except Incomplete as error:
        raise _malformed(question, str(error)) from error


def _malformed(question: Question, message: str) -> Incomplete:
    return Incomplete(message, fields={answer_field(question): [message]})
