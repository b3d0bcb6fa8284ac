"""Pages of how the rooms are used: for the staff the whole zone, for a company its own way through the four fields."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies.models import Company
from core.htmx import wants_fragment
from core.listing import FORMATS, frame_as_file, turned
from core.periods import month_start, previous_month, today
from spaces import usage
from spaces.choices import RoomField
from spaces.credits import balance_of
from spaces.filters.rooms import UsageFilter
from spaces.models import Booking
from spaces.tables.rooms import UsageTable

MONTHS_BACK = 12


@staff_required()
@require_GET
def room_usage(request: SignedInRequest) -> HttpResponse:
    """Hours by field, company, month and hour of the day; `?format=csv` or `xlsx` gives them as a file."""
    found = UsageFilter(request.GET, Booking.objects.visible_to(request.user), today=today())
    if request.GET.get("format") in FORMATS:
        return frame_as_file("room-usage", request.GET["format"], usage.frame(found.qs), usage.COLUMNS, today())
    labels = dict(RoomField.choices)
    fields, months = usage.by_field(found.qs), usage.by_month(found.qs)
    context = {
        "filter": found,
        "total": usage.total(found.qs),
        "table": turned(request, UsageTable(usage.by_company(found.qs))),
        "fields": ([str(labels[used.what[0]]) for used in fields], [(_("Hours"), [used.hours for used in fields])]),
        "months": ([f"{used.what[0]:%Y-%m}" for used in months], [(_("Hours"), [used.hours for used in months])]),
        "clock": ([str(hour) for hour in range(usage.HOURS_A_DAY)], [(_("Hours"), usage.by_hour(found.qs))]),
    }
    return render(request, "spaces/usage.html", context)


@sign_in_required
@require_GET
def company_rooms(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's way from the idea to growth: the hours that it used of each field in the last twelve months."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    month = month_start(today())
    since = month
    for _number in range(MONTHS_BACK - 1):
        since = previous_month(since)
    context = {"company": company, "path": _path(company, since), "balance": balance_of(company, month)}
    template = "spaces/company_rooms.html"
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


def _path(company: Company, since: dt.date) -> list[dict[str, Any]]:
    """The four steps, each with its field."""
    steps = (_("idea"), _("prototype"), _("resources"), _("growth"))
    used = usage.of_company(company, since=since)
    most = max((one.hours for one in used), default=0)
    return [
        {"step": step, "field": RoomField(one.what[0]).label, "used": one, "most": most or 1}
        for step, one in zip(steps, used, strict=True)
    ]
