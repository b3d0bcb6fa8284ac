"""Tell both sides in good time that a lease ends: 90 and 30 days before, and on its last day.

Safe to run twice and at once: every person is told once for each lease, last day and step. A few days back are looked
at as well, for nights on which nobody worked; but nobody is told today that a lease ended yesterday. A lease that
another follows, or for which the company holds an offer that begins on the day after, is let alone.
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts import notices
from accounts.models import User
from accounts.notices import News
from core.periods import DAY, Day, last_day
from spaces.ending_notices import TO_COMPANY, TO_OFFICERS
from spaces.models import Lease, LeaseOffer
from spaces.notices import members_of, officers

STEPS = (90, 30, 0)  # days before the last one
LOOK_BACK = 7


def tell_of_ends(*, on: Day) -> int:
    """Returns how many notices were written. A fixed number of queries."""
    due = [(lease, step) for lease in _ending(on) for step in STEPS if _is_due(lease, step, on)]
    if not due:
        return 0
    people, staff = members_of(lease.company_id for lease, _step in due), officers()
    news = [one for lease, step in due for one in _news(lease, step, people[lease.company_id], staff)]
    return notices.tell_all(news)


def _ending(on: Day) -> list[Lease]:
    offered = LeaseOffer.objects.reserving().filter(
        company=OuterRef("company"), term__startswith=OuterRef("term__endswith")
    )
    lasts = Q()
    for step in STEPS:
        lasts |= Q(term__endswith__gt=_earliest(step, on), term__endswith__lte=on + (step + 1) * DAY)
    found = Lease.objects.valid().filter(lasts).exclude(pk__in=Lease.objects.followed().values("pk"))
    return list(found.filter(~Exists(offered)).select_related("company", "unit").order_by("term", "pk"))


def _earliest(step: int, on: Day) -> Day:
    """The first last day of which is told at this step."""
    return on + max(step - LOOK_BACK, 0) * DAY


def _is_due(lease: Lease, step: int, on: Day) -> bool:
    last = last_day(lease.term)
    return last is not None and _earliest(step, on) <= last <= on + step * DAY


def _news(lease: Lease, step: int, people: list[User], staff: list[User]) -> Iterator[News]:
    last = last_day(lease.term)
    context = {
        "name": lease.company.name, "name_zh": lease.company.name_zh, "lease": lease.number, "unit": lease.unit.code,
        "day": str(last), "step": step,
    }  # fmt: skip
    url = reverse("spaces:lease_detail", args=[lease.number])
    for message, told in ((TO_COMPANY, people), (TO_OFFICERS, staff)):
        yield News(told, message, context, url, dedupe_key=f"{message}:{lease.pk}:{last}:{step}")
