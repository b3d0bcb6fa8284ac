"""What is sent of a report: its figures, and as one object the answers to the zone's questions.

The document names no question, for the zone changes them while the portal runs; what is sent is held to those that are
asked at that moment.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.api.serializers import ANSWERS
from companies.models import Question
from companies.reporting.jumps import answer_field
from companies.reporting.report_form import field_for
from core.api.bodies import Body, Member, member_of

PREFIX = "answer_"


class ReportBody(Body):
    """The members of a report and `answers`, which the form takes as a field for each question."""

    def __init__(self, members: Iterable[Member]):
        super().__init__([*members, Member("answers", "answers", False, False, ANSWERS, _wrong_answers)])

    def read(self, sent: Any) -> dict[str, Any]:
        found = super().read(sent)
        return found | {f"{PREFIX}{code}": value for code, value in found.pop("answers", {}).items()}

    def public(self, field: str) -> str:
        return "answers" if field.startswith(PREFIX) else super().public(field)


def _wrong_answers(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _("Send a JSON object.")
    questions = Question.objects.asked().worded()
    members = Body(member_of(one.code, answer_field(one), field_for(one), is_required=False) for one in questions)
    unknown, wrong = members.faults(value)
    return " ".join(f"{name}: {' '.join(told)}" for name, told in (unknown | wrong).items())
