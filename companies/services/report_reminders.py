"""Remind companies of the reports that they owe: two weeks before one is due, on the day, and on the day after.

Safe to run twice and at once: every person is told once for each period and step. A few days back are looked at as
well, for nights on which nobody worked; but nobody is told today that something was due yesterday, as late reports have
a step of their own. Once a report is there, or the company is excused, nothing more is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.urls import reverse

from accounts import notices
from accounts.models import User
from accounts.notices import News
from companies.choices import MemberRole
from companies.models import Membership, ReportDuty
from companies.notices import REPORT_DUE, REPORT_DUE_SOON, REPORT_LATE
from core.periods import DAY, Day

SOON, TODAY, LATE = 14, 0, -1  # days before the day on which it is due
STEPS = {SOON: REPORT_DUE_SOON, TODAY: REPORT_DUE, LATE: REPORT_LATE}
LOOK_BACK = 7
AT_ONCE = 500


def tell_of_duties(*, on: Day) -> int:
    """Returns how many notices were written. A fixed number of queries for each 500 reports that are owed."""
    told, last = 0, 0
    while some := _owed(on, last):
        last = some[-1].pk
        told += _tell(some, on)
    return told


def _owed(on: Day, after: int) -> list[ReportDuty]:
    days = Q()
    for step in STEPS:
        days |= Q(due_on__range=_days(step, on))
    found = ReportDuty.objects.open().filter(days, pk__gt=after, company__merged_into=None)
    return list(found.select_related("company").order_by("pk")[:AT_ONCE])


def _days(step: int, on: Day) -> tuple[Day, Day]:
    """The first and the last day on which a report is due of which is told at this step."""
    first = on if step == TODAY else on + (step - LOOK_BACK) * DAY
    return max(first, on) if step > 0 else first, on + step * DAY


def _tell(duties: Sequence[ReportDuty], on: Day) -> int:
    people = _people(duty.company_id for duty in duties)
    news = [
        _news(duty, step, people[duty.company_id])
        for duty in duties
        for step in STEPS
        if _days(step, on)[0] <= duty.due_on <= _days(step, on)[1]
    ]
    waiting = notices.waiting([(one.users, one.dedupe_key) for one in news])
    return notices.tell_all([one for one in news if one.dedupe_key in waiting])


def _people(companies: Iterable[int]) -> dict[int, list[User]]:
    """Who may enter a company's reports, by company."""
    found: dict[int, list[User]] = defaultdict(list)
    parts = Membership.objects.filter(company__in=set(companies), role__in=[MemberRole.OWNER, MemberRole.EDITOR])
    for part in parts.select_related("user").order_by("pk"):
        found[part.company_id].append(part.user)
    return found


def _news(duty: ReportDuty, step: int, people: list[User]) -> News:
    company = duty.company
    context = {
        "name": company.name, "name_zh": company.name_zh, "months": duty.months, "end": str(duty.period_end),
        "day": str(duty.due_on),
    }  # fmt: skip
    url = reverse("companies:company_report_new", args=[company.code])
    query = f"?period_end={duty.period_end}&months={duty.months}"
    key = f"report_due:{company.pk}:{duty.period_end}:{step}"
    return News(people, STEPS[step], context, f"{url}{query}", dedupe_key=key)
