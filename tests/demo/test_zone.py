"""The demo zone is plausible, complete and the same for the same day."""

import csv
import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from stdnum.cn import uscc

from zone_portal.demo.calendar import DAY, POLICY_STARTS, shift
from zone_portal.demo.stories import STORIES
from zone_portal.demo.vocabulary import BRANDS, TRADES
from zone_portal.demo.zone import make_zone, write_files

TODAY = dt.date(2026, 11, 22)  # late enough for the first 36 months to be over
# The day of the announcement, a leap day, ends of months, and far ahead
DAYS = [dt.date(2025, 9, 25), dt.date(2028, 2, 29), dt.date(2026, 12, 31), dt.date(2027, 1, 31), dt.date(2032, 6, 1)]


@pytest.fixture(scope="module")
def zone():
    return make_zone(TODAY)


def in_force(zone):
    return [le for le in zone.leases if le.first_day <= TODAY and (le.last_day is None or le.last_day >= TODAY)]


def first_lease(zone, company):
    return min(lease.first_day for lease in zone.leases if lease.company == company.code)


def test_the_same_day_gives_the_same_zone_and_another_day_another(zone):
    assert make_zone(TODAY) == zone
    assert make_zone(TODAY + DAY) != zone


def test_the_zone_has_the_size_that_it_is_described_with(zone):
    assert len(zone.companies) == 240
    assert 330 <= len(zone.units) <= 370
    assert {unit.campus.code for unit in zone.units} == {"Shuqiwan", "Hangchuang Camp", "Innovation Center"}
    stages = Counter(company.stage for company in zone.companies)
    assert stages["nestling"] + stages["chick"] > 180
    assert min(stages["growing"], stages["unicorn"]) >= 2
    assert Counter(company.kind for company in zone.companies) == {"company": 224, "team": 12, "anchor": 4}


def test_every_story_happens_and_every_name_is_its_own(zone):
    assert Counter(company.story for company in zone.companies) == {story.name: story.companies for story in STORIES}
    for attribute in ("code", "name", "name_zh"):
        assert len({getattr(company, attribute) for company in zone.companies}) == 240


def test_credit_codes_are_valid_distinct_and_of_hangzhou_or_chengdu(zone):
    codes = [company.uscc for company in zone.companies if company.kind != "team"]
    assert len(set(codes)) == 228
    assert all(uscc.is_valid(code) for code in codes)
    assert {code[2:6] for code in codes} == {"3301", "5101"}
    assert {company.uscc for company in zone.companies if company.kind == "team"} == {""}


def test_names_are_chinese_in_one_column_and_latin_in_the_other(zone):
    for company in zone.companies:
        assert re.fullmatch(r"[\u4e00-\u9fff（）]{5,30}", company.name_zh), company.name_zh
        assert re.fullmatch(r"[A-Za-z0-9.,() ]{8,60}", company.name), company.name


def test_words_are_distinct_and_websites_belong_to_nobody(zone):
    assert len({brand.han for brand in BRANDS}) == len({brand.latin for brand in BRANDS}) == len(BRANDS) >= 240
    assert len({trade.name_zh for trade in TRADES}) == len(TRADES)
    assert all(re.fullmatch(r"https://[a-z0-9-]+\.example/|", company.website) for company in zone.companies)


@pytest.mark.parametrize("today", [TODAY, *DAYS])
def test_on_any_day_no_unit_is_let_twice_and_no_period_is_reversed(today):
    zone = make_zone(today)
    by_unit = {}
    for lease in sorted(zone.leases, key=lambda lease: lease.first_day):
        assert lease.first_day >= POLICY_STARTS
        assert lease.last_day is None or lease.first_day <= lease.last_day
        by_unit.setdefault(lease.unit, []).append(lease)
    for row in by_unit.values():
        assert all(before.last_day is not None and before.last_day < after.first_day for before, after in pairwise(row))
    for company in zone.companies:
        course = company.course
        assert course.deregistered_on is None or course.registered_on <= course.deregistered_on
        assert course.operating_until is None or course.operating_from <= course.operating_until
        assert company.founded_on is None or company.founded_on < today


def test_leases_fit_their_units_and_their_campuses_prices(zone):
    areas = {unit.code: unit.area for unit in zone.units}
    assert all(lease.area <= areas[lease.unit] for lease in zone.leases)
    assert all(10_000 <= lease.price <= 45_000 for lease in zone.leases)
    assert len({lease.number for lease in zone.leases}) == len(zone.leases)


def test_the_zone_is_well_let_but_has_room(zone):
    let, whole = sum(lease.area for lease in in_force(zone)), sum(unit.area for unit in zone.units)
    assert 0.5 < let / whole < 0.9


def test_relief_runs_out_when_the_stories_say(zone):
    for story, last in [("relief_ends_within_a_month", 30), ("relief_ends_within_3_months", 91)]:
        for company in zone.of_story(story):
            end = shift(first_lease(zone, company), 36) - DAY
            assert TODAY < end <= TODAY + last * DAY
    assert all(shift(first_lease(zone, company), 36) <= TODAY for company in zone.of_story("relief_is_over"))


def test_the_cases_of_the_policy_are_all_there(zone):
    now = in_force(zone)
    by_company = Counter(lease.company for lease in now)
    areas = Counter()
    for lease in now:
        areas[lease.company] += lease.area
    assert sum(area > 300_00 for area in areas.values()) >= 10
    assert sum(count > 1 for count in by_company.values()) >= 10
    assert sum(lease.first_day > TODAY for lease in zone.leases) >= 6
    assert all(c.course.registered_on is None for c in zone.of_story("registration_unknown"))
    assert all(c.course.operating_from is None for c in zone.of_story("operation_unknown"))
    assert all(c.course.registered_on > first_lease(zone, c) for c in zone.of_story("registers_late"))
    assert all(c.course.deregistered_on <= TODAY and c.code in by_company for c in zone.of_story("deregisters"))
    assert all(c.code not in by_company for c in zone.of_story("leaves"))
    assert all(c.code in by_company for c in zone.of_story("comes_back"))
    assert all(len({le.unit for le in zone.leases if le.company == c.code}) > 1 for c in zone.of_story("moves"))


def test_the_files_have_the_columns_of_the_formats(zone, tmp_path):
    paths = write_files(zone, tmp_path)
    assert list(paths) == [
        "companies", "relations", "units", "leases", "suppliers", "projects", "loans", "repayments", "talents",
        "reports", "expenses", "rounds",
    ]  # fmt: skip
    rows = {kind: list(csv.DictReader(path.open(encoding="utf-8"))) for kind, path in paths.items()}
    assert len(rows["companies"]) == 240
    assert set(rows["leases"][0]) == {
        "lease", "company", "unit", "area_m2", "price_per_m2_day", "first_day", "last_day",
    }  # fmt: skip
    assert all(re.fullmatch(r"\d+\.\d{2}", row["area_m2"]) for row in rows["units"] + rows["leases"])
    assert all(re.fullmatch(r"\d\.\d{4}", row["price_per_m2_day"]) for row in rows["leases"])
    assert {row["listed"] for row in rows["companies"]} <= {"yes", "no", ""}


def test_relations_name_two_companies_of_the_zone_each_pair_once(zone):
    codes = {company.code for company in zone.companies}
    pairs = [(relation.company, relation.other) for relation in zone.relations]
    assert len(set(pairs)) == len(pairs) == 20
    assert all(company in codes and other in codes and company != other for company, other in pairs)


def rows_of(zone, kind):
    table = zone.records[kind]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_the_records_lie_on_both_sides_of_the_thresholds(zone):
    principals = [Decimal(row["principal"]) for row in rows_of(zone, "loans")]
    assert min(principals) < 2_000_000 < max(principals)
    assert 2_000_000 in principals
    scores = {row["score"] for row in rows_of(zone, "projects")}
    assert {"79.99", "80.00", "89.99", "90.00", "74.99", "75.00", ""} <= scores
    assert {row["class"] for row in rows_of(zone, "talents")} == {"A", "B", "C", "D", "E", ""}
    assert {row["point"] for row in rows_of(zone, "expenses")} == {"settlement", "ai_vouchers", "activities"}
    assert {row["kind"] for row in rows_of(zone, "expenses")} == {"", "model", "compute", "compute_other"}
    assert {row["verified"] for row in rows_of(zone, "reports")} == {"yes", "no"}
    admitted = Counter(row["admitted_from"] is not None for row in rows_of(zone, "suppliers"))
    assert admitted == {True: 21, False: 4}


def test_talents_have_served_the_months_or_lack_a_day(zone):
    begun = {row["employed_from"] for row in rows_of(zone, "talents")}
    assert {shift(TODAY, -6), shift(TODAY, -6) + DAY} <= begun


@pytest.mark.parametrize("today", [TODAY, *DAYS])
def test_on_any_day_records_are_of_the_past_and_loans_are_not_overpaid(today):
    zone = make_zone(today)
    lent = {row["loan"]: row for row in rows_of(zone, "loans")}
    paid = Counter()
    for row in rows_of(zone, "repayments"):
        paid[row["loan"]] += Decimal(row["principal"])
        assert lent[row["loan"]]["drawn_on"] < row["paid_on"] <= today
    assert all(total <= Decimal(lent[loan]["principal"]) for loan, total in paid.items())
    for kind, column in (("loans", "drawn_on"), ("expenses", "paid_on"), ("talents", "employed_from")):
        assert all(row[column] is None or row[column] <= today for row in rows_of(zone, kind))
