"""What was given of a list of support, and what is left: exact, by month, year and in all, and never beyond."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from community import support
from community.models import Delivery
from community.services import deliveries as services
from companies.models import Company
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import DAY, period
from tests.conftest import member
from tests.factories import IN_FORCE_FROM, TODAY, CompanyFactory, DeliveryFactory, SupportPackageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def package():
    return SupportPackageFactory()


@pytest.fixture
def chick(package) -> Company:
    return CompanyFactory(stage="chick", name="Lark")


def give(company, by, amount="1", **other) -> Delivery:
    said = {"support": "mentoring", "given_on": TODAY, "given_by": "Chen Mei", "on": TODAY}
    return services.record_delivery(company=company, amount=Decimal(amount), by=by, **{**said, **other})


def left(company, on=TODAY, code="mentoring"):
    package = support.package_of(company, on)
    return next(line.left for line in support.lines_of(company, package, on) if line.item.code == code)


def test_what_is_given_is_used_and_no_more_than_is_left(chick, officer):
    give(chick, officer, "19.75")
    with pytest.raises(Conflict) as refused:
        give(chick, officer, "0.26")
    assert refused.value.code == "support_used_up"
    assert str(refused.value) == "Of 20 hours in the year 2026, 0.25 are left: 0.26 cannot be given."
    give(chick, officer, "0.25")
    assert left(chick) == 0


def test_a_year_begins_anew(chick, officer):
    give(chick, officer, "20", given_on=dt.date(2025, 12, 31))
    assert left(chick, dt.date(2025, 12, 31)) == 0
    assert left(chick, dt.date(2026, 1, 1)) == 20
    give(chick, officer, "20", given_on=dt.date(2026, 1, 1))
    assert left(chick) == 0


def test_a_month_begins_anew_and_what_is_given_once_does_not(officer):
    items = [
        {"per": "month", "amount": 2},
        {"code": "intro", "kind": "introduction", "unit": "times", "per": "once", "amount": 1, "name": "To a bank"},
        {"code": "desk", "kind": "service", "unit": "days", "per": "once", "amount": None, "name": "Help desk"},
    ]
    SupportPackageFactory(items=items)
    company = CompanyFactory(stage="chick")
    for day in (dt.date(2026, 5, 31), dt.date(2026, 6, 1)):
        give(company, officer, "2", given_on=day)
        with pytest.raises(Conflict, match=f"in {day:%Y-%m}, 0 are left"):
            give(company, officer, "0.01", given_on=day)
    give(company, officer, "1", support="intro", given_on=dt.date(2025, 12, 1))
    with pytest.raises(Conflict, match="in all, 0 are left"):
        give(company, officer, "1", support="intro")
    give(company, officer, "500", support="desk")
    package = support.package_of(company, TODAY)
    assert [line.left for line in support.lines_of(company, package, TODAY)] == [0, 0, None]


def test_what_was_given_under_an_earlier_list_counts_against_the_next(officer):
    ends = TODAY - 10 * DAY
    SupportPackageFactory(valid=period(IN_FORCE_FROM, ends))
    SupportPackageFactory(valid=period(ends + DAY, None), items=[{"amount": 5}])
    company = CompanyFactory(stage="chick")
    give(company, officer, "4", given_on=ends)
    assert (left(company, ends), left(company)) == (16, 1)
    with pytest.raises(Conflict, match="Of 5 hours in the year 2026, 1 are left"):
        give(company, officer, "2")
    give(company, officer, "10", given_on=ends)  # by the list of that day
    assert (left(company, ends), left(company)) == (6, 0)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"support": "nothing"}, "nothing to record under nothing"),
        ({"given_on": IN_FORCE_FROM - DAY}, "nothing to record"),
        ({"given_on": TODAY + DAY}, "or before"),
        ({"amount": "0"}, "greater than or equal to 0.01"),
    ],
)
def test_what_is_no_delivery_is_refused(chick, officer, other, words):
    with pytest.raises(Incomplete, match=words):
        give(chick, officer, **other)


def test_points_and_room_credits_are_counted_elsewhere(officer):
    items = [{"code": "waiver", "kind": "point", "point": "rent_waiver", "amount": None, "unit": ""}]
    package = SupportPackageFactory(items=items)
    company = CompanyFactory(stage="chick")
    with pytest.raises(Incomplete, match="nothing to record"):
        give(company, officer, support="waiver")
    with pytest.raises(IntegrityError, match="counted elsewhere"), transaction.atomic():
        DeliveryFactory(company=company, item=package.items.get())


def test_a_correction_uses_what_it_used_before(chick, officer):
    made = give(chick, officer, "18")
    give(chick, officer, "1")

    def change(amount):
        return services.change_delivery(delivery=made, amount=Decimal(amount), given_by="Li", note="", by=officer)

    with pytest.raises(Conflict, match=r"19 are left: 19\.5 cannot be given"):
        change("19.5")
    assert change("19").amount == 19
    assert left(chick) == 0


def test_what_is_void_is_left_again_and_stays_with_its_reason(chick, officer):
    made = give(chick, officer, "20")
    services.void_delivery(delivery=made, reason="of another company", by=officer)
    assert left(chick) == 20
    give(chick, officer, "20")
    made.refresh_from_db()
    assert made.void_reason == "of another company"
    with pytest.raises(InternalError), transaction.atomic():
        made.delete()
    with pytest.raises(IntegrityError, match="given 40"), transaction.atomic():
        Delivery.objects.filter(pk=made.pk).update(voided_at=None, void_reason="")


def test_the_database_keeps_it_whoever_writes(chick, package):
    DeliveryFactory(company=chick, amount=20)
    with pytest.raises(IntegrityError, match=r"given 20\.01"), transaction.atomic():
        DeliveryFactory(company=chick, amount=Decimal("0.01"))
    with pytest.raises(IntegrityError, match="not given on"), transaction.atomic():
        DeliveryFactory(company=chick, given_on=IN_FORCE_FROM - DAY)
    DeliveryFactory(company=CompanyFactory(stage="chick"), amount=20)


def test_officers_record_and_nobody_for_his_own_company(chick, approver, officer):
    with pytest.raises(NotAllowed):
        give(chick, approver)
    member("insider", chick, "viewer")
    chick.memberships.create(user=officer, role="viewer")
    with pytest.raises(NotAllowed, match="own company"):
        give(chick, officer)
