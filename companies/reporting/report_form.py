"""The form of a report: the fixed figures, what the zone asks beyond them, and why figures jump.

It begins with what the last report says and what stays (never with a figure that decisions rest on), and shows beside
each field what was reported last.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from companies.choices import Measure, QuestionKind, ReportMonths
from companies.models import Company, JumpLimits, Question, Report, ReportDuty
from companies.models.questions import LONGEST_ANSWER
from companies.records.forms import RecordForm
from companies.reporting.jumps import (
    Compared,
    answer_field,
    answers_of,
    compare,
    known_questions,
    newest,
    previous_report,
)
from core.markup import NOTHING
from core.money import MOST_YEARLY_YUAN

FIGURES = ("months", "revenue", "profit", "rd_spend", "employees", "export_revenue", "product_in_use")


def field_for(question: Question) -> forms.Field:
    """The field of a question, in the reader's language. Empty is not known."""
    wording = newest(question)
    words = {"label": wording.text, "help_text": wording.hint, "required": False}
    if question.kind == QuestionKind.COUNT:
        return forms.IntegerField(min_value=0, max_value=int(MOST_YEARLY_YUAN), **words)
    if question.kind == QuestionKind.AMOUNT:
        return forms.DecimalField(min_value=0, max_value=MOST_YEARLY_YUAN, max_digits=18, decimal_places=2, **words)
    if question.kind == QuestionKind.YES_NO:
        return forms.NullBooleanField(**words)
    return forms.CharField(max_length=LONGEST_ANSWER, widget=forms.Textarea({"rows": 3}), **words)


class ReportForm(RecordForm):
    """The figures of a period; empty is unknown, and 0 is 0. `asked` are the parameters of an address that names the
    period; without one, a new form begins with the first report that the company owes."""

    model = Report
    number = "period_end"
    typed = (*FIGURES, "jump_reason")
    field_order = ("company", "period_end", *typed)

    def __init__(
        self,
        data: Any = None,
        *,
        user: Any,
        record: Any = None,
        company: Company | None = None,
        asked: Mapping[str, str] | None = None,
    ):
        super().__init__(data, user=user, record=record, company=company)
        known = known_questions()
        self.questions = [question for question in known.values() if question.retired_at is None]
        self.fields.update({answer_field(question): field_for(question) for question in self.questions})
        self.fields["jump_reason"].widget.attrs["rows"] = 3
        self.order_fields([name for name in (*self.field_order, *self.fields) if name != "jump_reason"])
        if record is not None:
            told = answers_of(record)
            self.initial.update({answer_field(one): told.get(one.code) for one in self.questions})
        self._show_last(company or (record.company if record else None), known, asked or {})

    def values(self) -> dict[str, Any]:
        found = super().values()
        found["answers"] = {one.code: found.pop(answer_field(one)) for one in self.questions}
        return found

    def _show_last(self, company: Company | None, known: Mapping[str, Question], asked: Mapping[str, str]) -> None:
        """Begin a new report where the last one ended, and tell the last figures beside the fields."""
        if company is None:
            return
        if self.record is None:
            self.initial.update(_period_asked(asked) or _period_owed(company))
        last = previous_report(company, self._end())
        if last is None:
            return
        months = self.record.months if self.record else self.initial.setdefault("months", last.months)
        compared = compare(Report(company=company, months=months), {}, last, JumpLimits(), known)
        for figure in compared:
            if figure.name in self.fields:
                self._tell(figure, last)
        if self.record is None:
            self._take_over(last)

    def _end(self) -> dt.date | None:
        """The last day of the period, as far as it is known by now."""
        if self.record is not None:
            return self.record.period_end
        typed = _day(self.data.get("period_end", "")) if self.is_bound else None
        return typed or self.initial.get("period_end")

    def _tell(self, figure: Compared, last: Report) -> None:
        field = self.fields[figure.name]
        if figure.before_shown == NOTHING:
            return
        words = {"value": figure.before_shown, "period": last.get_months_display(), "day": last.period_end}
        told = _("Last: %(value)s (%(period)s up to %(day)s)") % words
        if figure.expected_shown:
            told += _(", alike now: %(value)s") % {"value": figure.expected_shown}
        field.help_text = f"{field.help_text} {told}".strip()

    def _take_over(self, last: Report) -> None:
        """What stays: whether a product is in use, and of the zone's questions what there was on the last day."""
        self.initial.setdefault("product_in_use", last.product_in_use)
        told = answers_of(last)
        for question in self.questions:
            is_number = question.kind in (QuestionKind.COUNT, QuestionKind.AMOUNT)
            if not is_number or question.measure == Measure.LAST_DAY:
                self.initial.setdefault(answer_field(question), told.get(question.code))


def _day(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def _period_asked(asked: Mapping[str, str]) -> dict[str, Any]:
    """The period that an address names; nothing where it names none."""
    end, months = _day(asked.get("period_end", "")), asked.get("months", "")
    if end is None or months not in map(str, ReportMonths.values):
        return {}
    return {"period_end": end, "months": int(months)}


def _period_owed(company: Company) -> dict[str, Any]:
    """The first period of which a report is owed and not there."""
    first = ReportDuty.objects.open().filter(company=company).order_by("period_end").first()
    return {"period_end": first.period_end, "months": first.months} if first else {}
