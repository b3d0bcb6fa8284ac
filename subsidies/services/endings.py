"""Tell companies and officers in good time that a rent relief ends, what the rent is then, and what there is instead.

Safe to run twice and at once: each company is told once for each step, the officers once for each day, under keys of
their own. A few days back are looked at as well, for nights on which nobody worked.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.urls import reverse

from accounts import notices
from accounts.models import StaffRole, User
from accounts.notices import News
from companies.models import Company
from core.money import to_yuan
from subsidies import policy
from subsidies.choices import Outcome, Point
from subsidies.gather import register
from subsidies.gather.selection import Selection, chosen, id_range, shards
from subsidies.models import Decision
from subsidies.notices import members_of
from subsidies.rules import endings
from subsidies.rules.parameters import Timeline

LOOK_BACK = dt.timedelta(days=7)
MOST_NAMED = 20  # companies in a notice to the officers


def tell_of_endings(*, on: dt.date) -> int:
    """Tell of all windows that end in 6, 3 or 1 months of `on` (or of a day of the week before); returns how many
    notices were written. A fixed number of queries for each shard of the register."""
    timeline = policy.timeline()
    if timeline.starts_on is None:
        return 0
    due = pl.concat([_due(id_range(*shard), timeline, on) for shard in shards(settings.RUN_SHARD)] or [_NOBODY])
    if due.is_empty():
        return 0
    companies = _with_relief(due["company"].to_list())
    rows = [row for row in due.iter_rows(named=True) if row["company"] in companies]
    rents = _rents(rows, timeline)
    news = [*_to_companies(rows, companies, rents), *_to_officers(rows, companies)]
    return notices.tell_all(news)


_NOBODY = pl.DataFrame(schema={"company": pl.Int64(), "ends_on": pl.Date(), "months": pl.Int64(), "told_on": pl.Date()})

Row = dict[str, Any]


def _due(selection: Selection, timeline: Timeline, on: dt.date) -> pl.DataFrame:
    found = endings.windows(register.companies(selection), register.leases(selection), timeline, on)
    return endings.due(found, on - LOOK_BACK, on).select(_NOBODY.columns)


def _with_relief(ids: Iterable[int]) -> dict[int, Company]:
    """Those who have a relief now that can end."""
    granted = Decision.objects.in_force().filter(point=Point.RENT_WAIVER, outcome=Outcome.ELIGIBLE)
    companies = Company.objects.filter(pk__in=granted.filter(company__in=set(ids)).values("company"))
    return {company.pk: company for company in companies.only("code", "name", "name_zh")}


def _rents(rows: Iterable[Row], timeline: Timeline) -> dict[tuple[int, dt.date], str]:
    """(company, last day) -> the rent of the first whole month after it, in yuan."""
    by_day: defaultdict[dt.date, set[int]] = defaultdict(set)
    for row in rows:
        by_day[row["ends_on"]].add(row["company"])
    selection = chosen({company for several in by_day.values() for company in several})
    companies, leases = register.companies(selection), register.leases(selection)
    return {
        (company, day): str(to_yuan(rent))
        for day, several in by_day.items()
        for company, rent in endings.rent_after(
            companies.filter(pl.col("company").is_in(several)),
            leases.filter(pl.col("company").is_in(several)),
            day,
            timeline,
        ).iter_rows()
    }


def _to_companies(
    rows: Iterable[Row], companies: Mapping[int, Company], rents: Mapping[tuple[int, dt.date], str]
) -> Iterator[News]:
    people = members_of(companies.values())
    instead = _instead(companies)
    for row in rows:
        company, day = companies[row["company"]], row["ends_on"]
        context = {
            "name": company.name,
            "name_zh": company.name_zh,
            "months": row["months"],
            "ends_on": day.isoformat(),
            "rent": rents.get((company.pk, day), ""),
            "instead": instead[company.pk],
        }
        yield News(
            people[company.pk],
            "relief_ends",
            context,
            reverse("subsidies:entitlements", args=[company.code]),
            dedupe_key=f"relief_ends:{company.pk}:{day}:{row['months']}",
        )


def _to_officers(rows: Iterable[Row], companies: Mapping[int, Company]) -> Iterator[News]:
    """One for each day on which companies are told."""
    officers = list(User.objects.filter(is_active=True, role_grants__role=StaffRole.OFFICER).order_by("pk"))
    by_day: defaultdict[dt.date, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row["told_on"]].append(row)
    for told_on, several in by_day.items():
        named = [
            {"code": companies[row["company"]].code, "ends_on": row["ends_on"].isoformat()}
            for row in several[:MOST_NAMED]
        ]
        context = {"number": len(several), "companies": named}
        yield News(officers, "reliefs_end", context, reverse("companies:list"), dedupe_key=f"reliefs_end:{told_on}")


def _instead(companies: Iterable[int]) -> Mapping[int, dict[str, list[str]]]:
    """The other points that are a yes, and those that are open, by company."""
    found: defaultdict[int, dict[str, list[str]]] = defaultdict(lambda: {Outcome.ELIGIBLE: [], Outcome.UNKNOWN: []})
    others = Decision.objects.in_force().filter(company__in=companies).exclude(point=Point.RENT_WAIVER)
    for company, point, outcome in others.order_by("pk").values_list("company", "point", "outcome"):
        if outcome != Outcome.NOT_ELIGIBLE:
            found[company][outcome].append(point)
    return found
