"""Pages of checks of official data: what was compared, and which companies are due. For staff alone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from accounts.models import User
from companies.checking import due_for_check
from companies.filters import OfficialCheckFilter
from companies.forms import OfficialCheckForm
from companies.models import Company, OfficialCheck
from companies.permissions import KEEPS_REGISTER, can_keep_register, can_verify
from companies.records.parts import Facts, Words
from companies.records.views import RecordPages, reads, writes
from companies.services import checks as services
from companies.tables import CHECK_TONES, DueTable, OfficialCheckTable
from core.listing import turned
from core.markup import Tone
from core.periods import today
from core.templatetags import ui


@staff_required()
@require_GET
def due(request: SignedInRequest) -> HttpResponse:
    """Companies in the zone whose data nobody compared for a year: those never checked first, then the longest ago."""
    table = DueTable(due_for_check(today()), may_check=can_keep_register(request.user))
    turned(request, table)
    return render(request, "companies/checks_due.html", {"table": table})


class CheckPages(RecordPages):
    """Officers record, correct and void; all staff read."""

    name = "check"
    plural = "checks"
    namespace = "companies"
    model = OfficialCheck
    key = "pk"
    columns = {}
    words = Words(
        one=gettext_lazy("Check of official data"),
        many=gettext_lazy("Checks of official data"),
        enter=gettext_lazy("Record a check"),
        change=gettext_lazy("Correct check"),
        void=gettext_lazy("Declare this check void?"),
        none=gettext_lazy("Its official data were never checked."),
        why=gettext_lazy(
            "What officers compared with an official source: names, credit code, founding day, whether it still exists."
        ),
    )
    form = OfficialCheckForm
    table = OfficialCheckTable
    filters = OfficialCheckFilter

    def urls(self) -> list[URLPattern]:
        staff, officers = staff_required(), staff_required(KEEPS_REGISTER)
        return [
            path("official-checks/", staff(reads(self.list_page)), name="checks"),
            path("official-checks/<int:key>/", staff(reads(self.record_page)), name="check"),
            path("official-check-new/", officers(writes(self.new_page)), name="check_new"),
            path("official-check-change/<int:key>/", officers(writes(self.change_page)), name="check_change"),
            path("official-check-void/<int:key>/", officers(writes(self.void_page)), name="check_void"),
            path("companies/<str:code>/checks/", staff(reads(self.part_page)), name="company_checks"),
            path("companies/<str:code>/check-new/", officers(writes(self.new_page_of)), name="company_check_new"),
            path("official-checks-due/", due, name="checks_due"),
        ]

    def rows(self, rows: Any) -> Any:
        return rows.select_related("company", "checked_by")

    def enter(self, values: dict[str, Any], company: Any, by: User) -> OfficialCheck:
        return services.record_check(company=company, **values, by=by, on=today())

    def change(self, record: OfficialCheck, values: dict[str, Any], by: User) -> OfficialCheck:
        return services.change_check(check=record, **values, by=by, on=today())

    def void(self, record: OfficialCheck, reason: str, by: User) -> OfficialCheck:
        return services.void_check(check=record, reason=reason, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        if company is None:
            return can_keep_register(user)
        return can_verify(user, company) and company.merged_into_id is None

    def may_change(self, user: User, record: OfficialCheck) -> bool:
        return can_verify(user, record.company)

    def state(self, record: OfficialCheck) -> tuple[Any, Tone] | None:
        if record.voided_at is not None:
            return _("void"), "bad"
        return record.get_outcome_display(), CHECK_TONES[record.outcome]

    def facts(self, record: OfficialCheck) -> Facts:
        return (
            (_("Checked on"), ui.day(record.checked_on)),
            (_("Checked by"), record.checked_by.display_name),
            (_("Source"), record.source),
            (_("Outcome"), capfirst(record.get_outcome_display())),
            (_("What differs"), record.note),
        )


PAGES = CheckPages()
