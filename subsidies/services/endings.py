"""Tell companies and officers in good time that a monthly relief ends, rent waiver or interest support, and what
replaces it.

Safe to run twice and at once: each company is told once for each step, the officers once for each day, under keys of
their own. A few days back are looked at as well, for nights on which nobody worked.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
import structlog
from django.conf import settings
from django.urls import reverse

from accounts import notices
from accounts.models import StaffRole, User
from accounts.notices import News
from companies.models import Company
from subsidies import policy
from subsidies.choices import Outcome, Point
from subsidies.ending_notices import TO_COMPANIES, TO_OFFICERS, last_day
from subsidies.gather.records import for_bills, records
from subsidies.gather.selection import Selection, chosen, id_range, shards
from subsidies.models import Decision
from subsidies.notices import members_of
from subsidies.outlooks import Outlook, kept
from subsidies.prospects import Known, endings_of
from subsidies.rules import endings
from subsidies.rules.errors import RuleError
from subsidies.rules.parameters import Timeline
from subsidies.rules.points import POINTS

log = structlog.get_logger(__name__)

LOOK_BACK = dt.timedelta(days=7)
MOST_NAMED = 20  # companies in a notice to the officers

COLUMNS: dict[str, pl.DataType] = {
    "company": pl.Int64(),
    "ends_on": pl.Date(),
    "months": pl.Int64(),
    "told_on": pl.Date(),
    "point": pl.String(),
}

Row = dict[str, Any]
Outlooks = Mapping[tuple[str, int], Outlook]


def tell_of_endings(*, on: dt.date) -> int:
    """Tell of all windows that end in 6, 3 or 1 months of `on` (or of a day of the week before); returns how many
    notices were written. A fixed number of queries for each shard of the register; what replaces a relief is reckoned
    for those companies alone of which somebody is told."""
    timeline = policy.timeline()
    if timeline.starts_on is None:
        return 0
    found = (_due(id_range(*shard), timeline, on) for shard in shards(settings.RUN_SHARD))
    due = pl.concat([pl.DataFrame(schema=COLUMNS), *found])
    granted = _granted(due["company"].unique())
    rows = [row for row in due.iter_rows(named=True) if (row["point"], row["company"]) in granted]
    if not rows:
        return 0
    companies = {company.pk: company for company in granted.values()}
    people = members_of(companies.values())
    officers = list(User.objects.filter(is_active=True, role_grants__role=StaffRole.OFFICER).order_by("pk"))
    named = _by_day(rows)
    waiting = notices.waiting(
        [*((people[row["company"]], _key(row)) for row in rows), *((officers, _key_of_day(*day)) for day in named)]
    )
    own = [row for row in rows if _key(row) in waiting]
    named = {day: several for day, several in named.items() if _key_of_day(*day) in waiting}
    outlooks = _outlooks([*own, *(row for several in named.values() for row in several[:MOST_NAMED])], timeline, on)
    news = [*_to_companies(own, companies, people, outlooks), *_to_officers(officers, named, companies, outlooks)]
    return notices.tell_all(news)


def _key(row: Row) -> str:
    return f"{TO_COMPANIES[row['point']]}:{row['company']}:{row['ends_on']}:{row['months']}"


def _key_of_day(point: str, told_on: dt.date) -> str:
    return f"{TO_OFFICERS[point]}:{told_on}"


def _due(selection: Selection, timeline: Timeline, on: dt.date) -> pl.DataFrame:
    known = for_bills(selection)
    windows = {
        Point.RENT_WAIVER: endings.rent_windows(known.companies, known.premises, timeline, on),
        Point.LOAN_INTEREST: endings.interest_windows(known.companies, known.loans, timeline, on),
    }
    return pl.concat(
        endings.due(found, on - LOOK_BACK, on).with_columns(point=pl.lit(point.value)).select(*COLUMNS)
        for point, found in windows.items()
    )


def _granted(ids: Iterable[int]) -> dict[tuple[str, int], Company]:
    """By point and company, those who have a relief now that can end."""
    eligible = Decision.objects.in_force().filter(point__in=TO_COMPANIES, outcome=Outcome.ELIGIBLE)
    found = eligible.filter(company__in=list(ids)).select_related("company")
    decisions = found.only("point", "company__code", "company__name", "company__name_zh")
    return {(decision.point, decision.company_id): decision.company for decision in decisions}


def _by_day(rows: Iterable[Row]) -> dict[tuple[str, dt.date], list[Row]]:
    """By point and the day on which companies are told."""
    found: defaultdict[tuple[str, dt.date], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["point"], row["told_on"]].append(row)
    return found


def _outlooks(rows: Iterable[Row], timeline: Timeline, on: dt.date) -> Outlooks:
    """By point and company. What ends a relief may be another thing than its window, and sooner. Without an outlook is
    one that nothing ends by the records of today, and one whose records the rules refuse."""
    told_on = {(row["point"], row["company"]): row["told_on"] for row in rows}
    if not told_on:
        return {}
    known = Known(records(chosen(company for _point, company in told_on)), timeline)
    found: dict[tuple[str, int], Outlook] = {}
    for (point, company), day in told_on.items():
        try:
            ending = endings_of(known.about(company), [point], on=on)
        except RuleError as refused:
            log.warning("no_outlook", company=company, reason=str(refused))
            continue
        if point in ending:
            found[point, company] = Outlook(POINTS[point], day, prospect=ending[point])
    return found


def _to_companies(
    rows: Iterable[Row],
    companies: Mapping[int, Company],
    people: Mapping[int, list[User]],
    outlooks: Outlooks,
) -> Iterator[News]:
    for row in rows:
        company, point = companies[row["company"]], row["point"]
        if outlook := outlooks.get((point, company.pk)):
            context = {"name": company.name, "name_zh": company.name_zh, "point": point, "outlook": kept(outlook)}
            yield News(
                people[company.pk],
                TO_COMPANIES[point],
                context | {"months": row["months"]},
                reverse("subsidies:entitlements", args=[company.code]),
                dedupe_key=_key(row),
            )


def _to_officers(
    officers: list[User],
    named: Mapping[tuple[str, dt.date], list[Row]],
    companies: Mapping[int, Company],
    outlooks: Outlooks,
) -> Iterator[News]:
    """One for each point and day on which companies are told."""
    for (point, told_on), several in named.items():
        lines = [_line(row, companies[row["company"]], outlooks) for row in several[:MOST_NAMED]]
        context = {"point": point, "number": len(several), "companies": lines}
        key = _key_of_day(point, told_on)
        yield News(officers, TO_OFFICERS[point], context, reverse("companies:list"), dedupe_key=key)


def _line(row: Row, company: Company, outlooks: Outlooks) -> dict[str, Any]:
    outlook = outlooks.get((row["point"], company.pk))
    day = (outlook and last_day(outlook)) or row["ends_on"]
    line = {"code": company.code, "ends_on": day.isoformat()}
    return line | {"outlook": kept(outlook)} if outlook else line
