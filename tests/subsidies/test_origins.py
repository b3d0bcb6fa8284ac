"""Where facts come from: the last change of what they rest on, and who made it, as the reader may know it."""

import datetime as dt
from decimal import Decimal

import pghistory
import pytest

from companies.models import Company
from core.periods import period
from spaces.models import Lease
from subsidies.gather.origins import REGISTERS, RESTS_ON, origins, people
from subsidies.rules.facts import FACTS
from subsidies.wording import Reader, source
from tests.subsidies.conftest import let

SINCE = period(dt.date(2025, 9, 25), None)
LATER = period(dt.date(2025, 10, 1), None)


def change(company: Company, **fields) -> None:
    Company.objects.filter(pk=company.pk).update(**fields)


def test_a_fact_comes_from_the_last_change_of_its_own_field(company, officer):
    with pghistory.context(user=officer.pk):
        change(company, registration=LATER)
    change(company, website="https://example.org")
    found = origins(company)["registered"]
    assert (found.register, found.user) == ("company", officer.pk)


def test_another_field_changes_nothing_about_it(company, officer):
    with pghistory.context(user=officer.pk):
        change(company, operation=LATER)
    assert origins(company)["registered"].user is None


def test_what_was_never_told_comes_from_nowhere(company):
    change(company, founded_on=None)
    assert "setup_costs" not in origins(company)
    assert "talents" not in origins(company)


def test_a_fact_of_two_registers_comes_from_the_later_of_them(company, officer):
    lease = let(company)
    assert origins(company)["settled"].register == "leases"
    with pghistory.context(user=officer.pk):
        Lease.objects.filter(pk=lease.pk).update(price_per_m2_day=Decimal("2.0000"))
    found = origins(company)
    assert (found["settled"].user, found["relief_of_month"].user) == (None, officer.pk)


def test_every_fact_of_the_rules_but_those_of_grants_has_an_origin():
    granted = {name for name in FACTS if "granted" in name}
    assert set(FACTS) - granted == set(RESTS_ON)


def test_the_number_of_queries_does_not_grow(company, django_assert_num_queries):
    for _ in range(3):
        let(company)
    with django_assert_num_queries(len(REGISTERS)):
        origins(company)


@pytest.fixture
def told(company, officer, alice):
    """The sentence about the registration, as a member of the staff and as a founder read it."""

    def sentence(*, is_staff: bool) -> str:
        found = origins(company)
        return source(found["registered"], Reader(is_staff, people(company, found.values(), is_staff=is_staff)))

    return sentence


def test_the_staff_read_who_entered_it(company, officer, told):
    with pghistory.context(user=officer.pk):
        change(company, registration=LATER)
    assert told(is_staff=True).startswith("Register, entered by Officer on 20")


def test_for_founders_the_staff_are_the_zone(company, officer, told):
    with pghistory.context(user=officer.pk):
        change(company, registration=LATER)
    assert told(is_staff=False).startswith("Register, entered by the zone on 20")


def test_founders_read_the_names_of_their_colleagues(company, alice, told):
    with pghistory.context(user=alice.pk):
        change(company, registration=LATER)
    assert told(is_staff=False).startswith("Register, entered by Alice on 20")


def test_a_file_is_named_to_the_staff_alone(company, told):
    with pghistory.context(actor="import companies.csv"):
        change(company, registration=LATER)
    assert told(is_staff=True).startswith("Register, from the file companies.csv on 20")
    assert told(is_staff=False).startswith("Register, from a file of the zone on 20")


def test_a_change_by_hand_of_sql_has_a_day_and_no_name(company, told):
    change(company, registration=LATER)
    assert told(is_staff=True).startswith("Register, entered on 20")
