"""Pages of desk memberships: the officers' acts, and what staff and the companies read."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import SignedInRequest, sign_in_required, staff_required
from accounts.models import User
from companies.models import Company
from companies.records.parts import Act, Facts, Words
from companies.records.views import RecordPages, reads, writes
from core.markup import NOTHING, Tone, money, plain_name
from core.periods import today
from core.templatetags import ui
from spaces import services
from spaces.filters.places import DeskFilter
from spaces.forms.desks import DeskForm, EndDeskForm
from spaces.models import DeskMembership
from spaces.permissions import KEEPS_SPACES, can_keep_spaces
from spaces.tables.desks import DeskTable, state_on


class DeskPages(RecordPages):
    """Officers alone sign, change, end and void; a company reads its own."""

    name = "desk"
    plural = "desks"
    namespace = "spaces"
    model = DeskMembership
    key = "number"
    columns = {"membership": "number"}
    words = Words(
        one=gettext_lazy("Desk membership"),
        many=gettext_lazy("Desk memberships"),
        enter=gettext_lazy("Give out desks"),
        change=gettext_lazy("Correct desk membership"),
        void=gettext_lazy("Declare this desk membership void?"),
        none=gettext_lazy("No desk membership is on record."),
        why=gettext_lazy("Desks of teams, companies and residents. A desk settles a company as a lease does."),
    )
    form = DeskForm
    table = DeskTable
    filters = DeskFilter

    def urls(self) -> list[URLPattern]:
        officers = staff_required(KEEPS_SPACES)
        return [
            path("desks/", staff_required()(reads(self.list_page)), name="desks"),
            path("desks/<path:key>/", sign_in_required(reads(self.record_page)), name="desk"),
            path("desk-new/", officers(writes(self.new_page)), name="desk_new"),
            path("desk-change/<path:key>/", officers(writes(self.change_page)), name="desk_change"),
            path("desk-end/<path:key>/", officers(writes(self.end_page)), name="desk_end"),
            path("desk-void/<path:key>/", officers(writes(self.void_page)), name="desk_void"),
            path("companies/<str:code>/desks/", sign_in_required(reads(self.part_page)), name="company_desks"),
        ]

    def rows(self, rows: Any) -> Any:
        return rows.with_places()

    def enter(self, values: dict[str, Any], company: Any, by: User) -> DeskMembership:
        return services.sign_membership(company=company, **values, by=by)

    def change(self, record: DeskMembership, values: dict[str, Any], by: User) -> DeskMembership:
        return services.change_membership(membership=record, **values, by=by)

    def void(self, record: DeskMembership, reason: str, by: User) -> DeskMembership:
        return services.void_membership(membership=record, reason=reason, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        """From the list: there the holder is asked for."""
        return company is None and can_keep_spaces(user)

    def may_change(self, user: User, record: DeskMembership) -> bool:
        del record
        return can_keep_spaces(user)

    def state(self, record: DeskMembership) -> tuple[Any, Tone] | None:
        return state_on(record, today())

    def acts(self, user: User, record: DeskMembership) -> list[Act]:
        if not self.may_change(user, record):
            return []
        return [Act(_("End"), self.url(record, "end"), "logout", tone="")]

    def facts(self, record: DeskMembership) -> Facts:
        place = f"{plain_name(record.unit.building.campus)}, {record.unit.building.code}"
        found = [(_("Resident"), record.person), (_("E-mail"), record.email)] if record.person else []
        return (
            *found,
            (_("Term"), ui.period(record.term)),
            (_("Unit"), record.unit.code),
            (_("Place"), place),
            (_("Desk"), record.desk or NOTHING),
            (_("Number of desks"), record.desks),
            (_("Price per desk and month"), money(record.price_per_desk_month)),
        )

    def end_page(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """The holder leaves on a day."""
        found = self._to_change(request, key)
        form = EndDeskForm(request.POST or None)
        return self.form_page(
            request,
            form,
            lambda: services.end_membership(membership=found, last_day=form.cleaned_data["last_day"], by=request.user),
            title=_("End desk membership %(number)s") % {"number": found},
            crumbs=self.crumbs(request.user, found),
            button=_("End"),
        )


PAGES = DeskPages()
