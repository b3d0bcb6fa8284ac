"""A report beside the one before it: figure by figure, what is on record, what it says now, and what jumps.

What comes together over a period is compared as if both periods were as long; what there was on a day as it is. All of
it is exact: nothing is divided or rounded before it is compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.choices import Measure, QuestionKind
from companies.models import Answer, Company, JumpLimits, Question, Report
from core.markup import NOTHING, count, money
from core.money import round_half_up
from core.periods import Day

AMOUNTS = ("revenue", "profit", "rd_spend", "export_revenue")
FIXED = ("revenue", "profit", "rd_spend", "employees", "export_revenue", "product_in_use")


@dataclass(frozen=True)
class Compared:
    """A figure of two reports. `expected` is the one before, brought to the length of the present period; `name` is
    that of the field or `answer_<code>`."""

    name: str
    label: str
    kind: str
    before: Any
    expected: Any
    now: Any
    is_jump: bool

    @property
    def before_shown(self) -> str:
        return shown(self.kind, self.before)

    @property
    def expected_shown(self) -> str:
        """What would be alike, where it is another number than what was told."""
        return shown(self.kind, self.expected) if self.expected != self.before else ""

    @property
    def now_shown(self) -> str:
        return shown(self.kind, self.now)

    @property
    def told(self) -> str:
        """The jump in a sentence."""
        words = {"figure": self.label, "now": self.now_shown, "before": shown(self.kind, self.expected)}
        return _("%(figure)s: %(now)s after %(before)s") % words


def shown(kind: str, value: Any) -> str:
    """A value as the pages write it."""
    if value is None or value == "":
        return NOTHING
    if kind == QuestionKind.AMOUNT:
        return money(value)
    if kind == QuestionKind.YES_NO:
        return _("yes") if value else _("no")
    return str(count(value))


def answer_field(question: Question) -> str:
    """What the field of a question is called in forms and bodies."""
    return f"answer_{question.code}"


def previous_report(company: Company, end: Day | None) -> Report | None:
    """The company's last valid report of a period that ended before `end` (None: the last of all), with its answers."""
    reports = Report.objects.valid().filter(company=company).order_by("-period_end")
    if end is not None:
        reports = reports.filter(period_end__lt=end)
    return reports.prefetch_related("answers__question", "answers__wording").first()


def answers_of(report: Report) -> dict[str, Any]:
    """By question code, what the report answers; None where that is not known. One query, however many there are."""
    return {answer.question.code: answer.value for answer in report.answers.select_related("question")}


def compare(
    report: Report, answers: Mapping[str, Any], before: Report, limits: JumpLimits, questions: Mapping[str, Question]
) -> list[Compared]:
    """Every figure and every answer that either report has, in the order of the form. `answers` are those of `report`,
    by code of the `questions`."""
    return [
        *(_of_field(name, report, before, limits) for name in FIXED),
        *_of_answers(answers, report, before, limits, questions),
    ]


def _of_field(name: str, report: Report, before: Report, limits: JumpLimits) -> Compared:
    field: Any = Report._meta.get_field(name)
    kind = QuestionKind.AMOUNT if name in AMOUNTS else QuestionKind.YES_NO
    kind = QuestionKind.COUNT if name == "employees" else kind
    measure = Measure.PERIOD if name in AMOUNTS else Measure.LAST_DAY
    label = str(capfirst(field.verbose_name))
    months = (report.months, before.months)
    return _compared(name, label, kind, measure, (getattr(before, name), getattr(report, name)), months, limits)


def _of_answers(
    answers: Mapping[str, Any], report: Report, before: Report, limits: JumpLimits, questions: Mapping[str, Question]
) -> Iterator[Compared]:
    told: dict[str, Answer] = {answer.question.code: answer for answer in before.answers.all()}
    months = (report.months, before.months)
    for code, question in questions.items():
        if code in answers or code in told:
            old = told[code].value if code in told else None
            values = (old, answers.get(code))
            label = newest(question).text
            yield _compared(answer_field(question), label, question.kind, question.measure, values, months, limits)


def _compared(
    name: str, label: str, kind: str, measure: str, values: tuple[Any, Any], months: tuple[int, int], limits: JumpLimits
) -> Compared:
    before, now = values
    to, of = months if measure == Measure.PERIOD else (1, 1)
    expected, is_jump = before, False
    if kind in (QuestionKind.AMOUNT, QuestionKind.COUNT) and before is not None:
        least = limits.yuan if kind == QuestionKind.AMOUNT else limits.count
        scaled = round_half_up(Decimal(before) * to / of)
        expected = before if to == of else scaled if kind == QuestionKind.AMOUNT else int(scaled)
        is_jump = now is not None and jumps(now * of, before * to, limits.percent, least * of)
    elif kind == QuestionKind.YES_NO:
        is_jump = before is True and now is False  # what there was, there is no more
    return Compared(name, label, kind, before, expected, now, is_jump)


def jumps(now: Decimal | int, before: Decimal | int, percent: int, least: Decimal | int) -> bool:
    """Whether two numbers differ by more than `percent` of the one before, and by more than `least`."""
    gap = abs(Decimal(now) - Decimal(before))
    return gap > least and gap * 100 > percent * abs(Decimal(before))


def newest(question: Question) -> Any:
    """The wording by which it is asked today."""
    return question.wordings.all()[0]


def known_questions() -> dict[str, Question]:
    """All questions by code, retired ones too, with their wordings, in their order. Two queries."""
    return {question.code: question for question in Question.objects.worded()}
