"""Pages of exit interviews: why companies left the zone, and where to. For staff alone."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import staff_required
from accounts.models import User
from companies.models import Company, ExitInterview
from companies.permissions import KEEPS_REGISTER, can_keep_register
from companies.records.parts import Facts, Words
from companies.records.views import RecordPages, reads, writes
from core.markup import Tone
from core.periods import today
from core.templatetags import ui
from spaces.filters.exits import ExitFilter
from spaces.forms.exits import ExitForm
from spaces.leaving import is_leaving
from spaces.services import exits as services
from spaces.tables.exits import ExitTable


class ExitPages(RecordPages):
    """Officers record, correct and void. A company that stays has no form."""

    name = "exit_interview"
    plural = "exit_interviews"
    namespace = "spaces"
    model = ExitInterview
    key = "pk"
    columns = {}
    words = Words(
        one=gettext_lazy("Exit interview"),
        many=gettext_lazy("Exit interviews"),
        enter=gettext_lazy("Record an exit interview"),
        change=gettext_lazy("Correct exit interview"),
        void=gettext_lazy("Declare this exit interview void?"),
        none=gettext_lazy("No exit interview is on record."),
        why=gettext_lazy(
            "Why companies leave and where they go, as they say themselves. Asked of who has left or leaves within half"
            " a year."
        ),
    )
    form = ExitForm
    table = ExitTable
    filters = ExitFilter

    def urls(self) -> list[URLPattern]:
        staff, officers = staff_required(), staff_required(KEEPS_REGISTER)
        of_company = "companies/<str:code>/exit-interviews/"
        new_of_company = "companies/<str:code>/exit-interview-new/"
        return [
            path("exit-interviews/", staff(reads(self.list_page)), name="exit_interviews"),
            path("exit-interviews/<int:key>/", staff(reads(self.record_page)), name="exit_interview"),
            path("exit-interview-new/", officers(writes(self.new_page)), name="exit_interview_new"),
            path("exit-interview-change/<int:key>/", officers(writes(self.change_page)), name="exit_interview_change"),
            path("exit-interview-void/<int:key>/", officers(writes(self.void_page)), name="exit_interview_void"),
            path(of_company, staff(reads(self.part_page)), name="company_exit_interviews"),
            path(new_of_company, officers(writes(self.new_page_of)), name="company_exit_interview_new"),
        ]

    def rows(self, rows: Any) -> Any:
        return rows.select_related("company", "asked_by")

    def enter(self, values: dict[str, Any], company: Any, by: User) -> ExitInterview:
        return services.record_exit(company=company, **values, by=by, on=today())

    def change(self, record: ExitInterview, values: dict[str, Any], by: User) -> ExitInterview:
        return services.change_exit(exit_interview=record, **values, by=by, on=today())

    def void(self, record: ExitInterview, reason: str, by: User) -> ExitInterview:
        return services.void_exit(exit_interview=record, reason=reason, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        return can_keep_register(user) and (company is None or is_leaving(company, today()))

    def may_change(self, user: User, record: ExitInterview) -> bool:
        del record
        return can_keep_register(user)

    def state(self, record: ExitInterview) -> tuple[Any, Tone] | None:
        return (_("void"), "bad") if record.voided_at is not None else None

    def facts(self, record: ExitInterview) -> Facts:
        return (
            (_("Asked on"), ui.day(record.held_on)),
            (_("Asked by"), record.asked_by.display_name),
            (_("Main reason"), capfirst(record.get_reason_display())),
            (_("Where to"), record.destination),
            (_("In its own words"), record.notes),
        )


PAGES = ExitPages()
