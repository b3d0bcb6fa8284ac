"""What the demo zone says about itself: targets of a plan, sectors, stages of the past, published figures; and what its
officers do about companies that may leave."""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import User
from companies.choices import Stage
from companies.models import Company, StageChange
from core.periods import DAY, month_start
from subsidies.rules.windows import add_months
from zone_portal.dashboard.models import LeavingTask, Sector, TargetFigure
from zone_portal.dashboard.overview.presence import in_zone, with_premises
from zone_portal.dashboard.services import leaving, snapshots, targets

CULTURE = ("animation", "games", "audio and video", "music", "digital culture")
TECHNOLOGY = ("artificial intelligence", "chips", "robotics", "extended reality", "software tools")
PLAN = "Development plan of the creative industry, Chengdu: ¥340 billion by 2025"
OWN_PLAN = "Work plan of the demo zone, § 2"
PATHS = 60  # companies whose way through the first stages is on record
FIRST_STEP, STEPS = 3, 9  # months until the move up: from so many on, in so many different lengths
LONG_AGO_MONTHS = 15  # who came later has no move on record
FOUND = (
    ("It looks for a floor of its own; the Innovation Center has one in spring.", 2),
    ("财务负责人更换，报表下周补交，无搬迁计划。", 5),
)


def keep(*, today: dt.date, officer: User, approver: User) -> None:
    """Enter the targets and sectors, keep the figures of two days, publish one of them."""
    sectors = {**dict.fromkeys(CULTURE, Sector.CULTURE.value), **dict.fromkeys(TECHNOLOGY, Sector.TECHNOLOGY.value)}
    targets.set_sectors(sectors={**sectors, "digital nomad tools": Sector.NEITHER.value}, by=officer)
    for figure, year, value, source, adopted_on in (
        (TargetFigure.OUTPUT, 2025, 340_000_000_000, PLAN, dt.date(2022, 1, 1)),
        (TargetFigure.JOBS, today.year + 1, 12_000, OWN_PLAN, today - 400 * DAY),
        (TargetFigure.JOBS, today.year + 1, 10_000, f"{OWN_PLAN}, as amended", today - 60 * DAY),
        (TargetFigure.STAYED, today.year + 1, 85, OWN_PLAN, today - 400 * DAY),
    ):
        targets.set_target(
            figure=figure, year=year, value=Decimal(value), source=source, adopted_on=adopted_on, by=officer, on=today
        )
    _tell_paths(today, officer)
    published = snapshots.keep_snapshot(day=month_start(today) - DAY, by=officer, on=today)
    snapshots.publish_snapshot(snapshot=published, by=approver)
    snapshots.keep_snapshot(day=today, by=officer, on=today)


def _tell_paths(today: dt.date, officer: User) -> None:
    """When companies came as nestlings, and when those that are chicks became it."""
    long_ago = add_months(today, -LONG_AGO_MONTHS)
    settled: Any = with_premises(in_zone(today))
    known = settled.filter(stage__in=[Stage.NESTLING, Stage.CHICK], moved_in_on__lte=long_ago)
    made = []
    for place, company in enumerate(known.order_by("code")[:PATHS]):
        came = company.moved_in_on
        made.append(StageChange(company=company, stage=Stage.NESTLING, since=came, by=officer))
        if company.stage == Stage.CHICK:
            since = add_months(came, FIRST_STEP + place % STEPS)
            made.append(StageChange(company=company, stage=Stage.CHICK, since=since, by=officer))
    StageChange.objects.bulk_create(made)


def look_into(*, today: dt.date, officer: User) -> None:
    """Look for companies that may leave; some are in hand, and of some it was found out."""
    leaving.look(on=today)
    first = LeavingTask.objects.order_by("-points", "company__code").values_list("company", flat=True)
    companies = list(Company.objects.filter(pk__in=list(first[: len(FOUND) + 1])).order_by("code"))
    for company, (note, days) in zip(companies, FOUND, strict=False):
        task = leaving.take(company=company, by=officer, on=today)
        leaving.finish(task=task, note=note, spoke_on=today - days * DAY, by=officer, on=today)
    for company in companies[len(FOUND) :]:
        leaving.take(company=company, by=officer, on=today)
