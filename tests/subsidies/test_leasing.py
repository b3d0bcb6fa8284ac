"""What acts on leases do to rent and relief: shown before, billed after, and the same whatever the order."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.periods import DAY, next_month
from spaces import services
from spaces.choices import LeaseAct
from spaces.forms import LettingForm
from spaces.lives import plans
from spaces.lives.plans import Terms
from spaces.models import Lease
from subsidies import leasing, policy
from subsidies.bulk import billed as reckoned
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.models import RentLine, RentStatement
from subsidies.rules.settling import first_settled
from subsidies.services import policies, statements
from tests.conftest import StaffRole, staff_member
from tests.factories import IN_FORCE_FROM, CompanyFactory, UnitFactory
from tests.packs import default_pack
from tests.subsidies.conftest import JULY, JUNE, MAY, ON, billed, let

DAY_OF_CHANGE = dt.date(2026, 7, 17)
WINDOW_ENDS = dt.date(2028, 9, 24)


def terms(lease: Lease, number: str = "L-1-2", **other: object) -> Terms:
    kept = {"unit": lease.unit, "area_m2": lease.area_m2, "price_per_m2_day": lease.price_per_m2_day, "last_day": None}
    return Terms(number=number, **(kept | other))


def change(lease: Lease, **other: object) -> plans.Plan:
    return plans.succession(LeaseAct.CHANGED, [lease], [terms(lease, **other)], DAY_OF_CHANGE)


LETTING = {"company": "A-001", "unit": "U5", "area_m2": "50", "price_per_m2_day": "2", "first_day": "2026-07-17"}


def test_the_relief_of_a_letting_is_what_is_billed_once_it_is_signed(tenant, officer, signed_in):
    """400 m² use up the 300 m²: what is let beside them is paid for in full."""
    unit = UnitFactory(code="U5", area_m2=Decimal("60.00"))
    form = LettingForm({**LETTING, "company": tenant.code})
    assert form.is_valid(), form.errors
    shown = leasing.relief_of(form.plan(), on=ON)
    assert (shown.areas, shown.cap) == ((300, 300), 300)
    services.sign_lease(number="L-2", company=tenant, by=officer, **form.terms())
    for month in shown.months:
        statement = billed(tenant, month.first)
        assert (month.after.rent, month.after.waived) == (statement.rent, statement.waived)
        assert month.after.waived == month.before.waived
    assert (shown.months[0].after.rent - shown.months[0].before.rent) == Decimal("1500.00")  # 15 days × 50 m² × ¥2
    assert unit.leases.count() == 1


def test_the_forms_of_a_letting_and_an_offer_show_the_relief(tenant, officer, signed_in):
    UnitFactory(code="U5", area_m2=Decimal("60.00"))
    desk, url = signed_in(officer), reverse("subsidies:letting_relief")
    for page in (reverse("spaces:lease_create"), reverse("spaces:offer_new")):
        assert url in desk.get(page).content.decode()
    said = {**LETTING, "company": tenant.code}
    part = desk.get(url, said, headers={"HX-Request": "true"}).content.decode()
    whole = desk.get(url, said).content.decode()
    for found in (part, whole):
        assert "300.00" in found
        assert "Relief" in found
    assert ("<html" in part, "<html" in whole) == (False, True)
    assert "Once the form says" in desk.get(url, {"company": tenant.code}).content.decode()


def test_a_first_letting_opens_the_window(policy, company, officer):
    UnitFactory(code="U5", area_m2=Decimal("60.00"))
    form = LettingForm(LETTING)
    assert form.is_valid(), form.errors
    shown = leasing.relief_of(form.plan(), on=ON)
    assert (shown.areas, shown.holds) == ((0, 50), False)
    assert (shown.window.first, shown.window.used, shown.window.left) == (dt.date(2026, 7, 17), 0, 36)


def test_the_preview_is_what_is_billed_once_it_is_done(tenant, officer):
    lease = tenant.leases.get()
    plan = change(lease, area_m2=Decimal("250.00"))
    shown = leasing.relief_of(plan, on=ON)
    services.change_lease_from(
        lease=lease, day=DAY_OF_CHANGE, terms=terms(lease, area_m2=Decimal("250.00")), by=officer
    )
    for month in shown.months:
        statement = billed(tenant, month.first)
        assert (month.after.rent, month.after.waived, month.after.payable) == (
            statement.rent, statement.waived, statement.payable,
        )  # fmt: skip
    # July: 16 days at 400 m², of which 300 are waived, and 15 days at 250 m², all waived.
    july = shown.months[0]
    assert (july.before.rent, july.before.waived) == (Decimal("12400.00"), Decimal("9300.00"))
    assert (july.after.rent, july.after.waived) == (Decimal("10150.00"), Decimal("8550.00"))
    assert RentLine.objects.filter(statement__month=JULY).count() == 2
    assert shown.areas == (Decimal(300), Decimal(250))
    assert (shown.window.used, shown.window.left, shown.cap) == (9, 27, Decimal(300))
    assert shown.ends == (WINDOW_ENDS, WINDOW_ENDS)


def test_a_renewal_after_a_while_does_not_open_the_window_again(tenant, officer):
    lease = tenant.leases.get()
    services.end_lease(lease=lease, last_day=dt.date(2026, 6, 30), notice_by="zone", reason="x", by=officer)
    lease.refresh_from_db()
    move = plans.succession(
        LeaseAct.MOVED, [lease], [terms(lease, unit=UnitFactory(), area_m2=Decimal(300))], dt.date(2026, 7, 1)
    )
    shown = leasing.relief_of(move, on=ON)
    assert shown.window.first == IN_FORCE_FROM
    assert shown.ends == (dt.date(2026, 6, 30), WINDOW_ENDS)


def test_the_relief_ends_with_the_last_lease(tenant):
    shown = leasing.relief_of(plans.ending(tenant.leases.get(), dt.date(2026, 8, 20)), on=ON)
    assert shown.ends == (WINDOW_ENDS, dt.date(2026, 8, 20))
    assert [month.after.payable for month in shown.months] == [Decimal("2000.00"), Decimal("0.00")]


def test_the_page_shows_it_with_and_without_script(tenant, officer, signed_in):
    url = reverse("subsidies:lease_relief", args=["end", "L-1"])
    asked = {"last_day": "2026-08-20", "notice_by": "company", "reason": "x"}
    with time_machine.travel(dt.datetime(2026, 6, 15, 4, tzinfo=dt.UTC), tick=False):
        part = signed_in(officer).get(url, asked, headers={"HX-Request": "true"}).content.decode()
        whole = signed_in(officer).get(url, asked).content.decode()
    for found in (part, whole):
        assert "2028-09-24" in found
        assert "2026-08-20" in found
        assert "11 of 36" not in found  # the tenth month is over on 2026-07-24 alone
        assert "10 of 36 used by that day, 26 left" in found
    assert "<html" in whole
    assert "<html" not in part


@pytest.mark.parametrize("change_day", [MAY, dt.date(2026, 5, 20)])
def test_a_change_in_an_issued_month_is_posted_in_the_open_one(tenant, officer, treasurer, change_day):
    billed(tenant, MAY)
    statements.issue_statements(month=MAY, on=JUNE, by=treasurer)
    lease = tenant.leases.get()
    services.change_lease_from(lease=lease, day=change_day, terms=terms(lease, area_m2=Decimal(200)), by=officer)
    june = billed(tenant, JUNE)
    days = (dt.date(2026, 5, 31) - change_day).days + 1
    assert june.adjustment == Decimal(-100 * days)  # of 400 m², 100 were paid for; of 200 nothing is


# --- Whatever the order ------------------------------------------------------------------------------------------

ACTS = st.lists(
    st.tuples(st.sampled_from(["change", "move", "split", "merge", "end", "issue"]), st.integers(1, 70)),
    min_size=1, max_size=5,
)  # fmt: skip


class Chains(TestCase):
    """Random lives of two leases, billed and issued in between."""

    @settings(
        max_examples=10, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @example([("change", 16), ("issue", 1), ("split", 3), ("merge", 40), ("end", 20)])
    @example([("issue", 40), ("issue", 1), ("move", 1), ("merge", 9)])
    @given(ACTS)
    def test_all_that_is_posted_adds_up_to_the_reckoning_from_scratch(self, chain: list[tuple[str, int]]) -> None:
        policies.load_pack(pack=default_pack(), publish=True)
        officer, treasurer = staff_member(StaffRole.OFFICER), staff_member(StaffRole.TREASURER)
        company = CompanyFactory(code="T-001")
        for number, area in (("A", "220.00"), ("B", "140.00")):
            let(company, number=number, area_m2=Decimal(area), price_per_m2_day=Decimal("3.3333"))
        month, day = MAY, MAY
        for act, days in chain:
            day += days * DAY
            if act == "issue":
                if statements.bill(chosen([company.pk]), month=month).statements:
                    statements.issue_statements(month=month, on=dt.date(2027, 12, 1), by=treasurer)
                    month = next_month(month)
                continue
            live(company, act, day, officer)
        last = next_month(max(day, month))
        while month <= last:
            statements.bill(chosen([company.pk]), month=month)
            month = next_month(month)
        posted = [(one.rent, one.waived) for one in RentStatement.objects.filter(company=company)]
        for one in RentStatement.objects.filter(company=company):
            posted += [(adjustment.rent, adjustment.waived) for adjustment in one.adjustments.all()]
        known, timeline = records(chosen([company.pk])), policy.timeline()
        months = [MAY]
        while months[-1] < last:
            months.append(next_month(months[-1]))
        wanted = reckoned.rent(known, months, timeline)
        assert sum(rent for rent, _ in posted) == Decimal(int(wanted["rent"].sum())) / 100
        assert sum(waived for _, waived in posted) == Decimal(int(wanted["waived"].sum())) / 100
        opened = first_settled(known.premises, known.companies, timeline.starts_on)["first_settled_on"].item()
        assert opened == IN_FORCE_FROM  # whatever became of the leases


def live(company, act: str, day: dt.date, by) -> None:
    """Do it to the first lease to which it can be done on that day."""
    running = [lease for lease in company.leases.in_force_on(day).order_by("number") if lease.first_day < day]
    if not running:
        return
    lease, count = running[0], Lease.objects.count()
    common = {"day": day, "by": by}
    if act == "change":
        services.change_lease_from(
            lease=lease, terms=terms(lease, f"N{count}", area_m2=lease.area_m2 - Decimal("10.01")), **common
        )
    elif act == "move":
        services.move_lease(lease=lease, terms=terms(lease, f"N{count}", unit=UnitFactory()), **common)
    elif act == "split":
        half = lease.area_m2 / 2
        parts = [
            terms(lease, f"N{count}-{place}", unit=UnitFactory(), area_m2=half.quantize(Decimal("0.01")))
            for place in (1, 2)
        ]
        services.split_lease(lease=lease, parts=parts, **common)
    elif act == "merge" and len(running) > 1:
        area = sum(one.area_m2 for one in running)
        merged = terms(lease, f"N{count}", unit=UnitFactory(area_m2=area), area_m2=area)
        services.merge_leases(leases=running, terms=merged, **common)
    elif act == "end":
        services.end_lease(lease=lease, last_day=day, notice_by="zone", reason="x", by=by)
