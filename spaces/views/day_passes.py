"""Pages of day passes: the officers' acts, and what staff and the companies read."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import sign_in_required, staff_required
from accounts.models import User
from companies.models import Company
from companies.records.parts import Facts, Words
from companies.records.views import RecordPages, reads, writes
from core.markup import Tone, money, plain_name
from core.periods import today
from core.templatetags import ui
from spaces.filters.day_passes import DayPassFilter
from spaces.forms.day_passes import DayPassForm
from spaces.models import DayPass
from spaces.permissions import KEEPS_SPACES, can_keep_spaces
from spaces.services import day_passes as services
from spaces.tables.day_passes import DayPassTable


class DayPassPages(RecordPages):
    """Officers alone give out, correct and void; a company reads its own."""

    name = "day_pass"
    plural = "day_passes"
    namespace = "spaces"
    model = DayPass
    key = "code"
    columns = {"day_pass": "code"}
    words = Words(
        one=gettext_lazy("Day pass"),
        many=gettext_lazy("Day passes"),
        enter=gettext_lazy("Give out a day pass"),
        change=gettext_lazy("Correct day pass"),
        void=gettext_lazy("Declare this day pass void?"),
        none=gettext_lazy("No day pass is on record."),
        why=gettext_lazy("Desks for a day, of teams, companies and residents. A day pass does not settle a company."),
    )
    form = DayPassForm
    table = DayPassTable
    filters = DayPassFilter

    def urls(self) -> list[URLPattern]:
        officers = staff_required(KEEPS_SPACES)
        of_company = "companies/<str:code>/day-passes/"
        return [
            path("day-passes/", staff_required()(reads(self.list_page)), name="day_passes"),
            path("day-passes/<str:key>/", sign_in_required(reads(self.record_page)), name="day_pass"),
            path("day-pass-new/", officers(writes(self.new_page)), name="day_pass_new"),
            path("day-pass-change/<str:key>/", officers(writes(self.change_page)), name="day_pass_change"),
            path("day-pass-void/<str:key>/", officers(writes(self.void_page)), name="day_pass_void"),
            path(of_company, sign_in_required(reads(self.part_page)), name="company_day_passes"),
        ]

    def rows(self, rows: Any) -> Any:
        return rows.with_places()

    def enter(self, values: dict[str, Any], company: Any, by: User) -> DayPass:
        return services.give_day_pass(company=company, **values, by=by)

    def change(self, record: DayPass, values: dict[str, Any], by: User) -> DayPass:
        return services.change_day_pass(day_pass=record, **values, by=by)

    def void(self, record: DayPass, reason: str, by: User) -> DayPass:
        return services.void_day_pass(day_pass=record, reason=reason, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        """From the list: there the holder is asked for."""
        return company is None and can_keep_spaces(user)

    def may_change(self, user: User, record: DayPass) -> bool:
        del record
        return can_keep_spaces(user)

    def state(self, record: DayPass) -> tuple[Any, Tone] | None:
        if record.voided_at is not None:
            return _("void"), "bad"
        if record.day == today():
            return _("today"), "good"
        return (_("to come"), "info") if record.day > today() else (_("used"), "quiet")

    def facts(self, record: DayPass) -> Facts:
        place = f"{plain_name(record.unit.building.campus)}, {record.unit.building.code}"
        found = [(_("Resident"), record.person), (_("E-mail"), record.email)] if record.person else []
        return (
            *found,
            (_("Day"), ui.day(record.day)),
            (_("Unit"), record.unit.code),
            (_("Place"), place),
            (_("Number of desks"), record.desks),
            (_("Price per desk"), money(record.price_per_desk)),
            (_("Price"), money(record.price)),
        )


PAGES = DayPassPages()
