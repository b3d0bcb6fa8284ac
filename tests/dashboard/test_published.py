"""What may be published of the figures, what is kept of them, and who may do what with it."""

import datetime as dt
import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import Error, transaction
from django.urls import reverse

from accounts.models import StaffRole
from companies.choices import Stage
from companies.models import StageChange
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import period
from tests.conftest import staff_member
from tests.factories import CompanyFactory, LeaseFactory, ReportFactory
from zone_portal.dashboard.measures.measures import measure
from zone_portal.dashboard.measures.protection import (
    REST,
    protected_count,
    protected_groups,
    protected_share,
    protected_steps,
    protected_sum,
)
from zone_portal.dashboard.measures.sheet import make_sheet
from zone_portal.dashboard.measures.showing import shown
from zone_portal.dashboard.models import IndustrySector, Snapshot, Target
from zone_portal.dashboard.services.snapshots import keep_snapshot, publish_snapshot, withdraw_snapshot
from zone_portal.dashboard.services.targets import set_sectors, set_target, void_target

ON = dt.date(2026, 3, 15)
NOW = dt.datetime(2026, 3, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

# --- The rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_one_to_four_companies_are_not_told(count, told):
    assert protected_count(count) == told


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(4, 20, None), (5, 20, "0.25"), (15, 20, "0.75"), (16, 20, None), (0, 20, None), (20, 20, None), (5, 9, None)],
)
def test_a_share_is_told_where_both_sides_are_enough(part, whole, told):
    assert protected_share(part, whole) == (told and Decimal(told))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([10, 10, 10, 10], None),
        ([10, 10, 10, 10, 0], None),  # four that told more than nothing
        ([10, 10, 10, 10, 10], 50),
        ([39, 10, 10, 10, 10], 79),
        ([40, 10, 10, 10, 10], None),  # half of it is one company's
        ([100, 101, 102, 103, 104], 510),
        ([1_000_000, 1, 1_000_000, 1_000_000, 1_000_000], 4_000_000),  # nobody sees the 1 come
        ([-100, -101, -102, -103, -104], -510),
        ([0, 0, 0, 0, 0], None),
        ([], None),
    ],
)
def test_a_sum_is_told_where_none_makes_half_of_it(values, told):
    assert protected_sum(values) == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 9, "b": 5}, [("a", 9), ("b", 5)]),
        ({"a": 9, "b": 4, "c": 1}, [("a", 9), (REST, 5)]),
        ({"a": 9, "b": 6, "c": 4}, [("a", 9), (REST, 10)]),  # 4 alone could be worked out of the total
        ({"a": 9, "b": 0}, [("a", 9)]),
        ({"a": 9, "b": 1}, [(REST, 10)]),
        ({"a": 2, "b": 2}, []),
        ({}, []),
    ],
)
def test_small_groups_are_told_together(counts, told):
    assert protected_groups(counts) == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([20, 15, 10, 5], [20, 15, 10, 5]),
        ([20, 16, 10, 4], [20, None, 10, None]),  # 4 stopped between the first two; 4 came to the end
        ([20, 20, 0, 0], [20, 20, 0, 0]),
        ([3, 0, 0, 0], [None, 0, 0, 0]),
    ],
)
def test_of_steps_one_is_withheld_where_few_stopped_before_it(counts, told):
    assert protected_steps(counts) == told


# --- The sheet ------------------------------------------------------------------------------------------------------


def fill(count, **fields):
    for number in range(count):
        company = CompanyFactory(**{"industry": "games", "stage": Stage.CHICK, "country": "CN", **fields})
        LeaseFactory(company=company, term=period(dt.date(2024, 1, 1), None))
        fields_of_report = {"period_end": dt.date(2025, 12, 31), "verified": True}
        ReportFactory(company=company, revenue=Decimal(100 + number), employees=10 + number, **fields_of_report)


@pytest.mark.django_db
def test_no_figure_of_a_small_zone_is_told():
    fill(4)
    sheet = make_sheet(measure(ON))
    told = [figure["value"] for key, figure in sheet["figures"].items() if key != "anchored"]
    assert told == [None] * 10
    assert (sheet["stages"], sheet["industries"], sheet["effects"]) == ([], [], [])
    assert {count for _stage, count in sheet["funnel"]} == {None, 0}
    assert not any({"told", "of"} & figure.keys() for figure in sheet["figures"].values())


@pytest.mark.django_db
def test_one_company_that_was_often_in_a_stage_is_one(officer):
    company = CompanyFactory(stage=Stage.CHICK)
    LeaseFactory(company=company, term=period(dt.date(2024, 1, 1), None))
    for number in range(12):
        stage = Stage.NESTLING if number % 2 == 0 else Stage.CHICK
        since = dt.date(2024, 1 + number, 1)
        StageChange.objects.create(company=company, stage=stage, since=since, by=officer)
    found = measure(ON)
    assert next(row for row in found.times if row.stage == Stage.NESTLING).moved_up == 6
    times = {stage: told for stage, *told in make_sheet(found)["times"]}
    assert (times[Stage.NESTLING], times[Stage.UNICORN]) == ([None, None], [None, 0])


@pytest.mark.django_db
def test_figures_of_enough_companies_are_told_and_are_plain_data():
    fill(6)
    fill(1, industry="music", stage=Stage.UNICORN)
    sheet = make_sheet(measure(ON))
    assert json.loads(json.dumps(sheet)) == sheet
    assert sheet["figures"]["companies"]["value"] == "7"
    assert sheet["figures"]["jobs"] == {"value": "85", "told": 7, "of": 7}
    assert sheet["figures"]["output"]["value"] == "720.00"  # of 715.00
    assert sheet["figures"]["abroad"]["value"] is None  # nobody is from abroad: that tells of each that he is not
    assert sheet["industries"] == [[REST, 7]]
    assert sheet["stages"] == [[REST, 7]]


@pytest.mark.django_db
def test_one_company_that_makes_most_of_the_output_keeps_it_untold():
    fill(6)
    giant = CompanyFactory()
    LeaseFactory(company=giant, term=period(dt.date(2024, 1, 1), None))
    ReportFactory(company=giant, period_end=dt.date(2025, 12, 31), verified=True, revenue=Decimal(10_000), employees=1)
    figures = make_sheet(measure(ON))["figures"]
    assert (figures["output"]["value"], figures["jobs"]["value"]) == (None, "76")


@pytest.mark.django_db
def test_a_target_stands_beside_the_protected_figure(officer):
    fill(4)
    kinds = (("output", "340000000000", "money"), ("companies", "8", "count"))
    for figure, value, _unit in kinds:
        set_target(figure=figure, year=2026, value=Decimal(value), source="the plan", adopted_on=ON, by=officer, on=ON)
    section = shown(make_sheet(measure(ON))).sections[0]
    assert [(line.label, line.value) for line in section.lines] == [
        ("Companies in the zone", ""),
        ("Output in yuan", ""),
    ]
    assert section.lines[1].note == "of ¥340,000,000,000.00 by 2026 (the plan)"


# --- Kept and published ----------------------------------------------------------------------------------------------


@pytest.fixture
def kept(officer):
    fill(6)
    return keep_snapshot(day=ON, by=officer, on=ON)


@pytest.mark.django_db
def test_a_snapshot_stays_as_it_was_kept(kept, officer):
    before = kept.sheet
    fill(6)
    kept.refresh_from_db()
    assert kept.sheet == before != make_sheet(measure(ON))
    for change in ({"sheet": {}}, {"day": dt.date(2026, 1, 1)}, {"kept_at": NOW}):
        with pytest.raises(Error), transaction.atomic():
            Snapshot.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        kept.delete()


@pytest.mark.django_db
def test_another_person_publishes_what_is_kept(kept, officer, approver):
    with pytest.raises(NotAllowed):
        publish_snapshot(snapshot=kept, by=officer)
    own = keep_snapshot(day=ON, by=approver, on=ON)
    with pytest.raises(NotAllowed, match="Another person"):
        publish_snapshot(snapshot=own, by=approver)
    with pytest.raises(Error), transaction.atomic():
        Snapshot.objects.filter(pk=own.pk).update(published_by=approver, published_at=NOW)
    assert publish_snapshot(snapshot=kept, by=approver).is_public
    with pytest.raises(Conflict):
        publish_snapshot(snapshot=kept, by=approver)


@pytest.mark.django_db
def test_what_is_withdrawn_is_closed_for_good(kept, approver):
    with pytest.raises(Conflict):
        withdraw_snapshot(snapshot=kept, reason="wrong", by=approver)
    publish_snapshot(snapshot=kept, by=approver)
    with pytest.raises(Incomplete):
        withdraw_snapshot(snapshot=kept, reason=" ", by=approver)
    assert not withdraw_snapshot(snapshot=kept, reason="A report was wrong.", by=approver).is_public
    with pytest.raises(Conflict):
        publish_snapshot(snapshot=kept, by=approver)
    with pytest.raises(Error), transaction.atomic():
        Snapshot.objects.filter(pk=kept.pk).update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")


@pytest.mark.django_db
def test_figures_are_kept_of_no_day_to_come_and_by_no_reviewer(officer, reviewer):
    with pytest.raises(Incomplete):
        keep_snapshot(day=ON + dt.timedelta(days=1), by=officer, on=ON)
    with pytest.raises(NotAllowed):
        keep_snapshot(day=ON, by=reviewer, on=ON)


@pytest.mark.django_db
def test_the_public_page_opens_when_published_and_names_no_company(kept, approver, alice, signed_in, client):
    url = reverse("figures", args=[kept.public_id])
    for stranger in (client, signed_in(alice)):
        assert stranger.get(url).status_code == 404
    assert signed_in(staff_member(StaffRole.REVIEWER)).get(url).status_code == 200
    signed_in(approver).post(reverse("figures_publish", args=[kept.public_id]))
    page = client.get(url)
    assert page.status_code == 200
    text = page.content.decode()
    assert "2026-03-15" in text
    assert "/companies/" not in text
    assert "/measures/" not in text
    signed_in(approver).post(reverse("figures_withdraw", args=[kept.public_id]), {"reason": "A report was wrong."})
    assert client.get(url).status_code == 404


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@time_machine.travel(NOW, tick=True)
@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.AUDITOR])
def test_the_pages_show_any_past_day(role, signed_in):
    fill(6)
    person = signed_in(staff_member(role))
    page = person.get(reverse("measures"), {"on": "2026-03-01"}).content.decode()
    assert "/dashboard/output/?on=2026-03-01" in page
    assert "known of 6 of 6 companies" in page
    printed = person.get(reverse("measures_print"), {"on": "2023-01-01"}).content.decode()
    assert "not told" in printed
    assert ("Keep these figures" in printed) is (role == StaffRole.OFFICER)


@pytest.mark.django_db
@time_machine.travel(NOW, tick=True)
def test_an_officer_keeps_the_figures_of_the_day_that_he_sees(officer, reviewer, signed_in):
    signed_in(officer).post(reverse("figures_keep"), {"on": "2026-03-01"})
    assert Snapshot.objects.get().day == dt.date(2026, 3, 1)
    signed_in(officer).post(reverse("figures_keep"), {"on": "2026-03-16"})
    assert Snapshot.objects.count() == 1
    assert signed_in(reviewer).post(reverse("figures_keep")).status_code == 403


@pytest.mark.django_db
@time_machine.travel(NOW, tick=True)
def test_a_target_is_entered_on_a_page_and_declared_void(approver, signed_in):
    page = signed_in(approver)
    typed = {"figure": "output", "year": "2025", "value": "340000000000", "source": "The plan, page 7"}
    assert "was adopted on" in page.post(reverse("target_new"), {**typed, "adopted_on": "2026-03-16"}).content.decode()
    assert page.post(reverse("target_new"), {**typed, "adopted_on": "2022-05-01"}).status_code == 302
    again = page.post(reverse("target_new"), {**typed, "adopted_on": "2022-05-01"})
    assert "on record already" in again.content.decode()
    made = Target.objects.get()
    assert "¥340,000,000,000.00" in page.get(reverse("targets")).content.decode()
    assert page.post(reverse("target_void", args=[made.pk]), {"reason": ""}).status_code == 200
    assert page.post(reverse("target_void", args=[made.pk]), {"reason": "a typing error"}).status_code == 302
    assert page.post(reverse("target_new"), {**typed, "adopted_on": "2022-05-01"}).status_code == 302


@pytest.mark.django_db
def test_targets_are_officers_and_approvers(treasurer, officer):
    words = {"figure": "jobs", "year": 2026, "value": Decimal(1), "source": "x", "adopted_on": ON}
    with pytest.raises(NotAllowed):
        set_target(**words, by=treasurer, on=ON)
    with pytest.raises(Incomplete):
        set_target(**words | {"year": 1999}, by=officer, on=ON)
    made = set_target(**words, by=officer, on=ON)
    with pytest.raises(NotAllowed):
        void_target(target=made, reason="x", by=treasurer)


@pytest.mark.django_db
def test_an_officer_says_to_which_sector_an_industry_belongs(officer, approver, signed_in):
    fill(2)
    fill(1, industry="chips")
    page = signed_in(officer)
    assert page.post(reverse("industries"), {"industry-0": "culture", "industry-1": ""}).status_code == 302
    assert list(IndustrySector.objects.values_list("industry", "sector")) == [("games", "culture")]
    assert set_sectors(sectors={"games": "", "chips": "technology"}, by=officer) == 2
    assert list(IndustrySector.objects.values_list("industry", "sector")) == [("chips", "technology")]
    with pytest.raises(Incomplete):
        set_sectors(sectors={"games": "sport"}, by=officer)
    with pytest.raises(NotAllowed):
        set_sectors(sectors={}, by=approver)
