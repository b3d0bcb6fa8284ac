"""A change leads to a new decision and a new open statement, without anyone asking."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction

from companies.models import Company, Relation
from core import outbox, tasks
from core.models import OutboxDelivery, OutboxEvent, Run, RunState
from core.periods import period
from core.runs import KINDS
from spaces import services as leasing
from subsidies import tasks as subsidy_tasks
from subsidies.choices import Outcome
from subsidies.models import Decision, PolicyVersion, RentStatement
from subsidies.services import assessments, policies
from tests.factories import CompanyFactory, UnitFactory
from tests.packs import default_pack
from tests.subsidies.conftest import MAY, billed, decision, let


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC), tick=True):
        yield


def tell(topic: str, key: str, **payload: object) -> None:
    with transaction.atomic():
        outbox.record(topic, key, payload)


def drain() -> int:
    return outbox.drain("reassess")


def clear() -> None:
    OutboxDelivery.objects.all().delete()


def test_both_kinds_of_runs_and_the_consumer_are_registered():
    assert {"assess", "bill"} <= set(KINDS)
    assert outbox.CONSUMERS["reassess"].handle is subsidy_tasks.reassess


@pytest.mark.parametrize(
    ("topic", "key", "payload"),
    [
        ("company.changed", "T-001", {}),
        ("company.admitted", "T-001", {}),
        ("relation.changed", "T-001", {}),
        ("lease.changed", "L-1", {"company": "T-001"}),
        ("relation.changed", "X-001", {"company": "X-001", "other": "T-001"}),
        ("project.changed", "P-1", {"company": "T-001"}),
        ("loan.changed", "LN-1", {"company": "T-001"}),
        ("talent.changed", "T-1", {"company": "T-001"}),
        ("report.changed", "T-001 2025-12-31", {"company": "T-001"}),
        ("expense.changed", "E-1", {"company": "T-001"}),
    ],
)
def test_a_change_of_a_company_has_it_decided(tenant: Company, topic: str, key: str, payload: dict[str, str]):
    clear()
    tell(topic, key, **payload)
    assert drain() == 1
    assert decision(tenant).outcome == Outcome.ELIGIBLE
    assert not Run.objects.exists()


def test_a_relation_has_all_decided_that_it_joins(tenant: Company):
    parent, holding = CompanyFactory(code="P-001"), CompanyFactory(code="H-001")
    Relation.objects.create(company=tenant, other=parent, kind="parent")
    clear()
    tell("relation.changed", "P-001", company="P-001", other="H-001")
    drain()
    assert decision(tenant).outcome == Outcome.ELIGIBLE
    assert decision(holding).outcome == Outcome.NOT_ELIGIBLE


def test_a_changed_registration_changes_the_decision_and_the_open_statement(tenant: Company):
    clear()
    assert str(billed(tenant, MAY).waived) == "9300.00"
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2026, 5, 31), None))
    tell("company.changed", "T-001")
    drain()
    assert decision(tenant).facts["registered_on"] == "2026-05-31"
    assert str(RentStatement.objects.get().waived) == "300.00"


def test_many_events_about_one_company_are_one_assessment(tenant: Company, monkeypatch: pytest.MonkeyPatch):
    clear()
    calls = []
    original = assessments.assess_companies
    monkeypatch.setattr(assessments, "assess_companies", lambda ids, on: calls.append(ids) or original(ids, on=on))
    for _ in range(5):
        tell("company.changed", "T-001")
    assert drain() == 5
    assert calls == [[tenant.pk]]


def test_delivering_twice_changes_nothing(tenant: Company):
    clear()
    tell("company.changed", "T-001")
    drain()
    before = list(Decision.objects.values_list("pk", flat=True))
    OutboxDelivery.objects.filter(consumer="reassess").update(state="waiting")
    assert drain() == 1
    assert list(Decision.objects.values_list("pk", flat=True)) == before


def test_many_changed_companies_are_one_run_of_each_kind(tenant: Company):
    clear()
    billed(tenant, MAY)
    for topic in ("companies.imported", "leases.imported", "companies.imported"):
        tell(topic, "file")
    drain()
    assert sorted(Run.objects.values_list("kind", flat=True)) == ["assess", "bill"]
    assert Run.objects.get(kind="assess").arguments == {"on": "2026-06-15"}


def test_an_import_during_a_run_gets_a_run_of_its_own(tenant: Company):
    clear()
    tell("companies.imported", "file")
    drain()
    Run.objects.update(state=RunState.RUNNING)
    tell("companies.imported", "file")
    drain()
    assert Run.objects.filter(kind="assess").count() == 2


def test_nothing_is_billed_by_an_import_before_the_first_bill(tenant: Company):
    clear()
    tell("leases.imported", "file")
    drain()
    assert not Run.objects.filter(kind="bill").exists()


@pytest.mark.django_db
def test_the_publication_of_the_policy_has_everybody_decided():
    CompanyFactory(code="T-001")
    tell("company.changed", "T-001")
    drain()
    assert not Decision.objects.exists()
    policies.load_pack(pack=default_pack(), publish=True)
    drain()
    assert Run.objects.get().kind == "assess"


def test_an_unknown_company_is_no_error(policy: PolicyVersion):
    clear()
    tell("company.changed", "GONE")
    assert drain() == 1
    assert outbox.drain("likeness") == 1  # the register listens too
    assert not OutboxDelivery.objects.exclude(state="done").exists()


# --- The schedule ------------------------------------------------------------------------------------------------


def test_the_night_decides_all_and_bills_what_is_due(tenant: Company):
    subsidy_tasks.assess_tonight()
    subsidy_tasks.assess_tonight()
    assert {(run.kind, *run.arguments.values()) for run in Run.objects.all()} == {
        ("assess", "2026-06-15"),
        ("bill", "2026-05"),
    }
    for run in Run.objects.all():
        assert tasks.work_on_run(run.pk) == RunState.DONE
    assert decision(tenant).decided_for == dt.date(2026, 6, 15)
    assert str(RentStatement.objects.get(month=MAY).rent) == "12400.00"


def test_the_first_of_the_month_bills_the_month_before_once(tenant: Company):
    assert subsidy_tasks.bill_last_month() == 1
    assert subsidy_tasks.bill_last_month() == 1  # asked for again, and answered with the same run
    run = Run.objects.get()
    tasks.work_on_run(run.pk)
    assert subsidy_tasks.bill_last_month() == 0
    assert Run.objects.count() == 1


@pytest.mark.django_db
def test_without_a_policy_the_schedule_does_nothing_and_does_not_fail():
    assert subsidy_tasks.assess_tonight() == ""
    assert subsidy_tasks.bill_last_month() == 0
    assert not Run.objects.exists()


def test_running_the_same_run_twice_changes_nothing(tenant: Company):
    subsidy_tasks.assess_tonight()
    pks = list(Run.objects.values_list("pk", flat=True))
    for pk in pks * 2:
        tasks.work_on_run(pk)
    assert Decision.objects.count() == 8
    assert RentStatement.objects.count() == 1
    assert OutboxEvent.objects.filter(topic="statement.computed").count() == 1
    assert Decimal(12400) == RentStatement.objects.get().rent


def test_a_lease_that_is_signed_through_its_service_is_decided(tenant: Company, officer):
    clear()
    leasing.sign_lease(
        number="L-7", unit=UnitFactory(area_m2=Decimal("50.00")), company=tenant, area_m2=Decimal("50.00"),
        price_per_m2_day=Decimal("1.0000"), term=period(dt.date(2026, 6, 1), None), by=officer,
    )  # fmt: skip
    drain()
    assert decision(tenant).facts["leased_area"] == 450_00
    let(tenant, number="L-8")
    drain()
    assert decision(tenant).facts["leased_area"] == 450_00, "a row past the services tells nobody; the night finds it"
