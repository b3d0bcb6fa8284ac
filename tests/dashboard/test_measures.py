"""What the zone measures, against an independent count of the same zone in plain Python, on past days too."""

import datetime as dt
import statistics
from decimal import Decimal

import pytest

from companies.choices import CompanyKind, Stage
from companies.models import Company, Relation, Report, StageChange
from core.periods import period
from funding.choices import ProjectField
from spaces.models import Lease
from subsidies.models import LedgerEntry, RentAdjustment
from tests.factories import (
    BudgetFactory,
    CompanyFactory,
    DeskMembershipFactory,
    GrantFactory,
    InterestStatementFactory,
    LeaseFactory,
    ProjectFactory,
    RentStatementFactory,
    ReportFactory,
    UserFactory,
)
from zone_portal.dashboard.figures import FIGURES
from zone_portal.dashboard.measures import business, rows
from zone_portal.dashboard.measures.measures import measure
from zone_portal.dashboard.models import IndustrySector, Sector, Target, TargetFigure

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 3, 15)
DAYS = [ON, dt.date(2026, 1, 1), dt.date(2025, 12, 31), dt.date(2025, 4, 1), dt.date(2024, 1, 1), dt.date(2020, 1, 1)]


def day(text):
    return dt.date.fromisoformat(text)


def lease(company, first, last=None, **fields):
    return LeaseFactory(company=company, term=period(day(first), last and day(last)), **fields)


def report(company, end, revenue, months=12, **fields):
    fields = {"verified": True, "employees": None, **fields}
    return ReportFactory(
        company=company, period_end=day(end), months=months, revenue=revenue and Decimal(revenue), **fields
    )


@pytest.fixture
def zone():
    """Six companies: one reports by the year, one by the quarter, one too long ago, one unverified, one void, and one
    that left."""
    names = ("yearly", "quarterly", "old", "unverified", "silent", "gone")
    made = {name: CompanyFactory(code=name, name=name, industry="games", country="CN") for name in names}
    for name, company in made.items():
        lease(company, "2023-06-01", "2025-06-30" if name == "gone" else None)
    report(made["yearly"], "2024-12-31", "100.00", employees=10)
    report(made["yearly"], "2025-12-31", "150.50", employees=14, export_revenue=Decimal("15.05"))
    for year, quarter in ((2024, 10), (2025, 12)):
        for month, last in ((3, 31), (6, 30), (9, 30), (12, 31)):
            report(made["quarterly"], f"{year}-{month:02}-{last}", f"{quarter}.00", months=3, employees=year - 2020)
    report(made["old"], "2024-12-31", "1000.00", employees=99)
    report(made["unverified"], "2025-12-31", "500.00", verified=False, employees=7)
    report(made["silent"], "2025-12-31", "700.00", voided=True, employees=3)
    report(made["gone"], "2025-03-31", "800.00", employees=8)
    return made


# --- Reports -------------------------------------------------------------------------------------------------------


def year_later(last):
    return last.replace(year=last.year + 1)


def there(on):
    return [
        company
        for company in Company.objects.all()
        if any(one.term.lower <= on and (one.term.upper is None or one.term.upper > on)
               for one in Lease.objects.filter(company=company, voided_at=None))
    ]  # fmt: skip


def quarter_before(last):
    """The last day of the quarter before the one that ends on `last`."""
    for _month in range(3):
        last = last.replace(day=1) - dt.timedelta(days=1)
    return last


def revenue_until(company, on, last):
    """Of the twelve months up to `last`: a yearly report, or four quarters."""
    known = [one for one in company.reports.all() if one.verified_at and not one.voided_at and one.period_end < on]
    by_end = {(one.period_end, one.months): one.revenue for one in known}
    if by_end.get((last, 12)) is not None:
        return by_end[last, 12]
    ends = [last]
    for _quarter in range(3):
        ends.append(quarter_before(ends[-1]))
    values = [by_end.get((end, 3)) for end in ends]
    return None if None in values else sum(values)


def newest(company, on):
    """The last day of the newest twelve months that are told and no older than a year, and their revenue."""
    ends = sorted({one.period_end for one in company.reports.all()}, reverse=True)
    for last in ends:
        if last < on and on <= year_later(last) and revenue_until(company, on, last) is not None:
            return last, revenue_until(company, on, last)
    return None


@pytest.mark.parametrize("on", DAYS)
def test_output_is_the_revenue_of_the_newest_year_of_those_that_told_it(zone, on):
    told = [found[1] for company in there(on) if (found := newest(company, on))]
    assert measure(on).output == business.Told(sum(told, Decimal(0)), len(told), len(there(on)))


def test_output_of_the_day_in_numbers(zone):
    assert measure(ON).output == business.Told(Decimal("198.50"), 2, 5)
    assert {row["company"].code: row["revenue"] for row in rows.output(ON)} == {
        "yearly": Decimal("150.50"),
        "quarterly": Decimal("48.00"),
    }
    assert {row["company"].code for row in rows.output_untold(ON)} == {"old", "unverified", "silent"}


def test_a_report_counts_from_the_day_after_its_period_to_the_same_day_a_year_later(zone):
    told = {on: {row["company"].code for row in rows.output(day(on))} for on in (
        "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01",
    )}  # fmt: skip
    assert told == {
        "2024-12-31": set(),
        "2025-01-01": {"yearly", "quarterly", "old"},
        "2025-12-31": {"yearly", "quarterly", "old"},
        "2026-01-01": {"yearly", "quarterly"},
        "2026-12-31": {"yearly", "quarterly"},
        "2027-01-01": set(),
    }


@pytest.mark.parametrize("on", DAYS)
def test_jobs_are_those_of_the_newest_report_that_tells_them(zone, on):
    told = []
    for company in there(on):
        known = [
            one for one in Report.objects.filter(company=company, voided_at=None).exclude(employees=None)
            if one.verified_at and one.period_end < on <= year_later(one.period_end)
        ]  # fmt: skip
        if known:
            told.append(max(known, key=lambda one: one.period_end).employees)
    assert measure(on).jobs == business.Told(Decimal(sum(told)), len(told), len(there(on)))


def test_growth_is_of_the_same_companies(zone):
    found = measure(ON).growth
    assert (found.after, found.before, found.told, found.of) == (Decimal("198.50"), Decimal("140.00"), 2, 5)
    assert found.rate == Decimal("0.418")
    assert {row["company"].code: row["rate"] for row in rows.growth(ON)} == {
        "yearly": Decimal("0.505"), "quarterly": Decimal("0.200"),
    }  # fmt: skip


def test_growth_from_nothing_has_no_rate():
    company = CompanyFactory()
    lease(company, "2023-01-01")
    report(company, "2024-12-31", "0.00")
    report(company, "2025-12-31", "5.00")
    assert measure(ON).growth == business.Growth(Decimal("5.00"), Decimal(0), 1, 1)
    assert measure(ON).growth.rate is None


def test_exports_are_a_share_of_the_revenue_of_those_that_told_both(zone):
    found = measure(ON).exports
    assert (found.exported, found.revenue, found.told) == (Decimal("15.05"), Decimal("150.50"), 1)
    assert found.share == Decimal("0.100")


# --- The register ---------------------------------------------------------------------------------------------------


def test_industries_and_countries_count_who_is_there(zone):
    Company.objects.filter(code="yearly").update(industry=" music ", country="DE")
    Company.objects.filter(code__in=["silent", "gone"]).update(industry="", country="")
    found = measure(ON)
    assert found.industries == [("games", 3), ("", 1), ("music", 1)]
    assert (found.abroad.count, found.abroad.known, found.abroad.of) == (1, 4, 5)
    assert found.abroad.share == Decimal("0.250")
    assert [row["company"].code for row in rows.in_industry(ON, "music")] == ["yearly"]
    assert [row["company"].code for row in rows.from_abroad(ON)] == ["yearly"]
    assert [row["company"].code for row in rows.without_country(ON)] == ["silent"]
    assert set(rows.industries()) == {"games", "music", ""}


def test_who_works_with_an_anchor_company_is_told_by_relations_that_hold(zone):
    anchor = CompanyFactory(code="anchor", kind=CompanyKind.ANCHOR)
    other = CompanyFactory(code="second", kind=CompanyKind.ANCHOR)

    def relate(one, two, valid=None):
        Relation.objects.create(company=one, other=two, kind="parent", valid=valid)

    relate(zone["yearly"], anchor)
    relate(other, zone["yearly"], period(day("2026-03-15"), None))
    relate(zone["old"], anchor, period(day("2025-01-01"), day("2026-03-14")))
    relate(zone["gone"], anchor)
    relate(anchor, other)
    assert [(row["anchor"].code, row["company"].code) for row in rows.anchored(ON)] == [
        ("anchor", "yearly"), ("second", "yearly"),
    ]  # fmt: skip
    found = measure(ON).anchors
    assert (found.anchors, found.companies) == (2, 1)
    before = {(row["anchor"].code, row["company"].code) for row in rows.anchored(day("2026-03-14"))}
    assert before == {("anchor", "yearly"), ("anchor", "old")}


@pytest.fixture
def sectors(zone):
    """Two of culture, one of technology, the others of an industry that nobody assigned."""
    Company.objects.filter(code__in=["yearly", "quarterly"]).update(industry="music")
    Company.objects.filter(code__in=["old", "gone"]).update(industry="chips")
    IndustrySector.objects.create(industry="music", sector=Sector.CULTURE)
    IndustrySector.objects.create(industry="chips", sector=Sector.TECHNOLOGY)
    return zone


def test_cooperation_of_culture_and_technology(sectors):
    zone = sectors
    for one, other in (("yearly", "old"), ("gone", "quarterly"), ("silent", "yearly"), ("yearly", "quarterly")):
        Relation.objects.create(company=zone[one], other=zone[other], kind="sibling")
    scored = {"scored": True, "scored_on": day("2026-03-15")}
    ProjectFactory(code="yes", company=zone["yearly"], field=ProjectField.AI, **scored)
    ProjectFactory(code="also", company=zone["old"], field=ProjectField.CULTURE, **scored)
    ProjectFactory(code="own-field", company=zone["yearly"], field=ProjectField.CULTURE, **scored)
    ProjectFactory(code="unscored", company=zone["yearly"], field=ProjectField.AI)
    ProjectFactory(code="void", company=zone["yearly"], field=ProjectField.AI, voided=True, **scored)
    ProjectFactory(code="gone", company=zone["gone"], field=ProjectField.CULTURE, **scored)
    found = measure(ON).crossing
    assert (found.culture, found.technology, found.unassigned) == (2, 1, 2)
    assert [(row["company"].code, row["other"].code) for row in rows.crossing(ON)] == [("yearly", "old")]
    assert {row["code"] for row in rows.crossing_projects(ON)} == {"yes", "also"}
    assert rows.crossing_projects(day("2026-03-14")) == []
    assert (found.relations, found.projects, found.granted, found.given) == (1, 2, 0, Decimal(0))
    in_march = {row["company"].code for row in rows.crossing(day("2025-03-01"))}
    assert in_march == {"yearly", "quarterly"}  # the other was there still


# --- Stages ---------------------------------------------------------------------------------------------------------


def change(company, stage, since):
    StageChange.objects.create(company=company, stage=stage, since=day(since))


@pytest.fixture
def path():
    """Five that came in 2023: `up` moved up twice, `down` fell back, `stays` never moved, `left` went, `unknown`."""
    made = {name: CompanyFactory(code=name, name=name) for name in ("up", "down", "stays", "left", "unknown")}
    for name, company in made.items():
        lease(company, "2023-01-01", "2024-12-31" if name == "left" else None)
    change(made["up"], Stage.NESTLING, "2023-01-01")
    change(made["up"], Stage.CHICK, "2024-01-01")
    change(made["up"], Stage.CHICK, "2024-06-01")
    change(made["up"], Stage.GROWING, "2025-01-01")
    change(made["down"], Stage.GROWING, "2023-01-01")
    change(made["down"], Stage.CHICK, "2025-01-01")
    change(made["stays"], Stage.NESTLING, "2023-01-01")
    change(made["left"], Stage.NESTLING, "2023-01-01")
    change(made["left"], Stage.CHICK, "2025-06-01")  # after it left: no time in the zone
    return made


def test_the_funnel_counts_how_far_each_ever_came(path):
    assert [(step.stage, step.count) for step in measure(ON).funnel] == [
        ("nestling", 4), ("chick", 3), ("growing", 2), ("unicorn", 0),
    ]  # fmt: skip
    assert [step.of_before for step in measure(ON).funnel] == [
        None, Decimal("0.750"), Decimal("0.667"), Decimal("0.000"),
    ]  # fmt: skip
    assert [step.count for step in measure(day("2023-12-31")).funnel] == [4, 1, 1, 0]
    assert {row["company"].code for row in rows.reached(ON, "growing")} == {"up", "down"}


def test_spells_run_to_the_next_other_stage_or_to_the_last_day_in_the_zone(path):
    found = [
        (row["company"].code, row["stage"], str(row["since"]), row["until"] and str(row["until"]), row["moved_up"])
        for stage in ("nestling", "chick", "growing")
        for row in rows.in_stage(ON, stage)
    ]
    assert sorted(found, key=lambda row: (row[0], row[2])) == [
        ("down", "growing", "2023-01-01", "2025-01-01", False),
        ("down", "chick", "2025-01-01", None, False),
        ("left", "nestling", "2023-01-01", "2025-01-01", False),
        ("stays", "nestling", "2023-01-01", None, False),
        ("up", "nestling", "2023-01-01", "2024-01-01", True),
        ("up", "chick", "2024-01-01", "2025-01-01", True),
        ("up", "growing", "2025-01-01", None, False),
    ]


def test_a_move_counts_from_its_own_day_on(path):
    def ups(on):
        return {row.stage: row.moved_up for row in measure(day(on)).times}["nestling"]

    assert (ups("2023-12-31"), ups("2024-01-01")) == (0, 1)


def test_the_median_time_to_a_move_up_without_censoring_is_the_plain_median():
    months = [3, 5, 8, 13, 21]
    for after in months:
        company = CompanyFactory()
        lease(company, "2023-01-01")
        change(company, Stage.NESTLING, "2023-01-01")
        change(company, Stage.CHICK, f"{2023 + after // 12}-{after % 12 + 1:02}-01")
    times = {row.stage: row for row in measure(ON).times}
    assert times["nestling"].median == Decimal(statistics.median(months)).quantize(Decimal("0.1"))
    assert (times["nestling"].spells, times["nestling"].moved_up) == (5, 5)
    assert (times["chick"].median, times["unicorn"].spells) == (None, 0)


# --- Support --------------------------------------------------------------------------------------------------------


def entry(grant, kind, amount, at):
    LedgerEntry.objects.create(
        kind=kind, point=grant.point, year=grant.year, company=grant.company, grant=grant, amount=Decimal(amount), at=at
    )


@pytest.fixture
def support(path):
    """What three of them got: relief with a correction, interest, and a grant of which a part came back."""
    statement = RentStatementFactory(company=path["up"], month=day("2026-01-01"), rent=1000, waived=Decimal("100.10"))
    RentStatementFactory(company=path["left"], month=day("2024-05-01"), rent=1000, waived=Decimal("50.00"))
    RentStatementFactory(company=path["up"], month=day("2026-03-01"), rent=1000, waived=Decimal("900.00"))  # not over
    RentAdjustment.objects.create(
        statement=statement, lease=statement.company.leases.first(), month=day("2025-12-01"), rent=0,
        waived=Decimal("-0.10"), payable=Decimal("0.10"), reason="registered later",
    )  # fmt: skip
    InterestStatementFactory(company=path["up"], month=day("2026-02-01"), supported=Decimal("7.00"), payable=7)
    BudgetFactory(year=2026, amount=Decimal("10000.00"))
    grant = GrantFactory(company=path["stays"], year=2026, proposed_on=day("2026-02-01"), amount=Decimal("1000.00"))
    at = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    entry(grant, "commitment", "1000.00", at)
    entry(grant, "payment", "1000.00", at)
    entry(grant, "recovery", "400.00", dt.datetime(2026, 3, 15, 15, 59, tzinfo=dt.UTC))  # 23:59 in the zone
    return path


def test_what_was_given_stands_beside_what_became_of_it(support):
    found = {row.outcome: row for row in measure(ON).effects}
    assert {key: row.companies for key, row in found.items()} == {"up": 1, "same": 3, "left": 1}
    assert (found["up"].relief, found["up"].interest, found["up"].grants) == (Decimal("100.00"), Decimal(7), Decimal(0))
    assert (found["same"].grants, found["same"].each, found["same"].supported) == (Decimal(600), Decimal(200), 1)
    assert found["left"].given == Decimal(50)
    assert {row["company"].code for row in rows.supported(ON, "same")} == {"down", "stays", "unknown"}


def test_the_year_counts_to_the_end_of_the_day_against_its_budgets(support):
    assert (measure(ON).year.given, measure(ON).year.budget) == (Decimal("707.10"), Decimal(10000))
    assert measure(ON).year.share == Decimal("0.071")
    assert measure(day("2026-03-14")).year.given == Decimal("1107.10")
    assert measure(day("2026-02-28")).year.given == Decimal("1100.10")  # the interest of February is not over
    assert measure(day("2024-12-31")).year == type(measure(ON).year)(2024, Decimal("50.00"), None)
    assert sum(row["given"] for row in rows.given(ON)) == Decimal("707.10")


# --- Targets --------------------------------------------------------------------------------------------------------


def target(figure, year, value, adopted_on="2025-01-01", **fields):
    return Target.objects.create(
        figure=figure, year=year, value=Decimal(value), source="the plan", adopted_on=day(adopted_on),
        entered_by=UserFactory(), **fields,
    )  # fmt: skip


def test_the_target_of_a_day_is_the_one_adopted_last_by_it(zone):
    target(TargetFigure.OUTPUT, 2026, 1000)
    target(TargetFigure.OUTPUT, 2026, 397, "2026-03-15")
    target(
        TargetFigure.OUTPUT, 2026, 1, "2026-03-01", voided_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), void_reason="x"
    )

    def value(on):
        return [aim.target.value for aim in measure(day(on)).aims]

    assert (value("2024-12-31"), value("2026-03-14"), value("2026-03-15")) == ([], [Decimal(1000)], [Decimal(397)])
    assert measure(ON).aims[0].share == Decimal("0.500")


def test_the_next_year_with_a_target_is_shown_and_else_the_last(zone):
    for year in (2024, 2027, 2030):
        target(TargetFigure.JOBS, year, year)
    shown = {
        on: measure(day(on)).aims[0].target.year for on in ("2025-03-01", "2027-12-31", "2028-01-01", "2031-01-01")
    }
    assert shown == {"2025-03-01": 2027, "2027-12-31": 2027, "2028-01-01": 2030, "2031-01-01": 2030}


def test_what_nobody_told_reached_nothing(path):
    target(TargetFigure.OUTPUT, 2026, 1000)
    target(TargetFigure.COMPANIES, 2026, 8)
    target(TargetFigure.STAYED, 2026, 90)
    found = {aim.target.figure: (aim.reached, aim.share) for aim in measure(ON).aims}
    assert found["output"] == (None, None)
    assert found["companies"] == (Decimal(4), Decimal("0.500"))
    assert found["stayed"] == (Decimal("80.0"), Decimal("0.889"))


# --- All of it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [slug for slug, figure in FIGURES.items() if figure.route == "measures"])
def test_every_figure_opens_to_rows_of_a_day_long_before_the_zone(slug):
    assert list(FIGURES[slug].rows(day("2001-01-01"))) == []


def test_desks_count_as_leases_do(zone):
    company = CompanyFactory(code="desk")
    DeskMembershipFactory(company=company, term=period(day("2024-01-01"), None))
    report(company, "2025-12-31", "1.50")
    assert measure(ON).output == business.Told(Decimal("200.00"), 3, 6)
