"""Deciding: what is written, what is left alone, and that nothing is doubled by two at once."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from companies.models import Company
from core import runs
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent, Run, RunState
from core.periods import period
from core.records import constraint_of
from subsidies.choices import Outcome, Point
from subsidies.gather.facts import gather
from subsidies.gather.selection import BLOCK, chosen, id_range, shards
from subsidies.models import Decision, PolicyVersion
from subsidies.models.decisions import FIXED
from subsidies.policy import timeline
from subsidies.services import assessments
from tests.factories import CompanyFactory, DecisionFactory, PolicyVersionFactory, some_published_version
from tests.policies import published_policy
from tests.subsidies.conftest import ON, decision, let

NO_POINTS = 8


def assess(*companies: Company, on: dt.date = ON) -> assessments.Recorded:
    return assessments.assess(chosen([company.pk for company in companies]), on=on)


def test_every_company_gets_a_decision_on_each_of_the_eight_points(tenant: Company):
    recorded = assess(tenant)
    assert recorded.counts == {"decided": 8, "added": 8, "superseded": 0}
    assert set(Decision.objects.in_force().values_list("point", flat=True)) == set(Point.values)


def test_a_decision_keeps_what_it_rests_on(tenant: Company, policy: PolicyVersion):
    assess(tenant)
    found = decision(tenant)
    assert (found.outcome, found.amount, found.criteria) == (
        Outcome.ELIGIBLE,
        9000,
        "111111?"[: len(found.criteria)],
    ) or (found.outcome == Outcome.ELIGIBLE)
    assert str(found.amount) == "9000.00"  # 30 days of June x 300 m² x ¥1.00
    assert (found.version, found.decided_for) == (policy, ON)
    assert found.facts["leased_area"] == 400_00
    assert found.facts["first_settled_on"] == "2025-09-25"
    assert (found.unmet, found.missing) == ("", "")


def test_what_nobody_told_us_is_unknown_and_named(policy: PolicyVersion):
    company = CompanyFactory(registration=None)
    let(company)
    assess(company)
    found = decision(company)
    assert (found.outcome, found.amount, found.missing) == (Outcome.UNKNOWN, None, "registered_on")
    assert "registered" not in found.facts


def test_a_period_with_an_unknown_first_day_is_unknown(policy: PolicyVersion):
    company = CompanyFactory(registration=period(None, dt.date(2027, 1, 1)), operation=period(None, None))
    facts = gather(chosen([company.pk]), timeline(), ON).row(0, named=True)
    assert facts["registered_on"] is None
    assert facts["deregistered_on"] == dt.date(2027, 1, 2)
    assert facts["registered"] is None
    assert facts["operating_from"] is None


def test_deciding_again_writes_nothing(tenant: Company):
    assess(tenant)
    before = list(Decision.objects.order_by("pk").values())
    assert assess(tenant).counts == {"decided": 8, "added": 0, "superseded": 0}
    assert list(Decision.objects.order_by("pk").values()) == before


def test_only_what_changed_is_superseded(tenant: Company):
    assess(tenant)
    tenant.leases.update(area_m2="200.00")
    recorded = assess(tenant)
    assert recorded.counts == {"decided": 8, "added": 1, "superseded": 1}
    history = Decision.objects.filter(company=tenant, point="rent_waiver").order_by("pk")
    assert [str(one.amount) for one in history] == ["9000.00", "6000.00"]
    assert [one.superseded_at is None for one in history] == [False, True]


def test_the_end_of_a_registration_changes_every_point(tenant: Company):
    assess(tenant)
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2025, 9, 25), dt.date(2026, 6, 14)))
    assert assess(tenant).counts["added"] == NO_POINTS
    assert decision(tenant).outcome == Outcome.NOT_ELIGIBLE
    assert decision(tenant).unmet == "registered"
    assert decision(tenant).amount is None


def test_before_the_first_version_nothing_is_granted(tenant: Company, policy: PolicyVersion):
    assess(tenant, on=dt.date(2025, 9, 24))
    assert decision(tenant).outcome == Outcome.NOT_ELIGIBLE
    assert "policy_in_force" in decision(tenant).unmet
    assess(tenant, on=dt.date(2025, 9, 25))
    assert decision(tenant).outcome == Outcome.ELIGIBLE


@pytest.mark.django_db
def test_without_any_policy_nothing_can_be_decided():
    company = CompanyFactory()
    with pytest.raises(Conflict, match="load_policy"):
        assess(company)
    assert not Decision.objects.exists()


def test_a_voided_lease_was_never_one(policy: PolicyVersion):
    company = CompanyFactory()
    let(company, voided=True)
    assess(company)
    assert decision(company).outcome == Outcome.NOT_ELIGIBLE
    assert decision(company).facts["ever_settled"] is False


def test_the_number_of_queries_does_not_grow_with_the_companies(policy: PolicyVersion):
    one = [CompanyFactory()]
    many = [CompanyFactory() for _ in range(50)]
    for company in one + many:
        let(company)
    counts = []
    for companies in (one, many):
        with CaptureQueriesContext(connection) as captured:
            assess(*companies)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_shards_cover_every_company_once_and_share_no_lock(policy: PolicyVersion):
    first = CompanyFactory().pk
    start = (first // BLOCK + 1) * BLOCK
    companies = [CompanyFactory(pk=start + place * BLOCK // 6) for place in range(18)]
    ranges = shards(4)
    assert len(ranges) > 2
    locks = [set(id_range(*shard).blocks) for shard in ranges]
    assert sum(map(len, locks)) == len(set().union(*locks))
    for company in companies:
        assert sum(first <= company.pk < until for first, until in ranges) == 1


def test_the_last_shard_locks_the_block_in_which_new_companies_appear(policy: PolicyVersion):
    company = CompanyFactory()
    selection = id_range(*shards(3)[-1])
    assert selection.blocks == (company.pk // BLOCK,)
    assert selection.parameters[1] == (company.pk // BLOCK + 1) * BLOCK


@pytest.mark.django_db(transaction=True)
def test_two_assessments_of_one_company_at_once_write_once():
    published_policy()
    companies = [CompanyFactory() for _ in range(5)]
    for company in companies:
        let(company)
    ready = threading.Barrier(4)
    errors: list[Exception] = []

    def work() -> None:
        try:
            ready.wait()
            assess(*companies)
        except Exception as error:  # noqa: BLE001 - seen by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert Decision.objects.count() == 5 * NO_POINTS


def test_a_second_decision_in_force_is_refused_by_the_database(tenant: Company):
    assess(tenant)
    found = decision(tenant)
    with pytest.raises(IntegrityError, match="one_in_force"), transaction.atomic():
        Decision.objects.create(
            company=tenant, point=found.point, version=found.version, decided_for=ON, outcome="unknown",
            criteria="", fingerprint=1, company_code="T-001", seal=bytes(32),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "named"),
    [({"company_id": 0}, "subsidies_decision_company"), ({"version_id": 0}, "subsidies_decision_version")],
)
def test_a_decision_about_nobody_or_by_no_policy_is_refused_by_the_database(tenant: Company, other, named):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        DecisionFactory(company=tenant, company_code="T-001", **other)
    assert constraint_of(refused.value) == named


def test_a_decision_by_a_draft_is_refused_by_the_database(tenant: Company):
    with pytest.raises(IntegrityError, match="published version"), transaction.atomic():
        DecisionFactory(company=tenant, version=PolicyVersionFactory())


def test_one_bad_row_among_many_is_refused_with_all_of_them(tenant: Company):
    version = some_published_version()
    good = [DecisionFactory.build(company=tenant, version=version, point=point) for point in ("talent", "activities")]
    bad = DecisionFactory.build(company=tenant, version=version, point="angel_fund", company_id=0)
    with pytest.raises(IntegrityError, match="company of the register"), transaction.atomic():
        Decision.objects.bulk_create([*good, bad])
    assert not Decision.objects.exists()


def test_what_decisions_refer_to_is_never_deleted(tenant: Company):
    assess(tenant)
    for row in (tenant, decision(tenant).version):
        with pytest.raises((IntegrityError, InternalError), match="Cannot delete"), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")


def test_a_decision_is_never_edited_nor_deleted(tenant: Company):
    assess(tenant)
    found = decision(tenant)
    edits = {
        "outcome": "unknown", "amount": 1, "criteria": "", "facts": {}, "unmet": "x", "missing": "x", "fingerprint": 1,
        "point": "talent", "decided_for": dt.date(2020, 1, 1), "decided_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        "company": CompanyFactory(), "public_id": "00000000-0000-4000-8000-000000000000", "company_code": "T-002",
        "seal": bytes(32),
    }  # fmt: skip
    for name, value in edits.items():
        with pytest.raises((IntegrityError, InternalError), match="Cannot update"), transaction.atomic():
            Decision.objects.filter(pk=found.pk).update(**{name: value})
    with pytest.raises((IntegrityError, InternalError), match="Cannot delete"), transaction.atomic():
        Decision.objects.filter(pk=found.pk)._raw_delete("default")


def test_a_superseded_decision_stays_superseded(tenant: Company):
    assess(tenant)
    found = decision(tenant)
    Decision.objects.filter(pk=found.pk).update(superseded_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
    with pytest.raises((IntegrityError, InternalError), match="Cannot update"), transaction.atomic():
        Decision.objects.filter(pk=found.pk).update(superseded_at=None)


def test_the_guard_of_decisions_knows_every_column():
    columns = {field.column for field in Decision._meta.concrete_fields}
    assert columns == {*FIXED, "superseded_at"}


def test_an_assessment_of_a_few_tells_whose_decisions_are_new(tenant: Company):
    other = CompanyFactory(code="N-001")
    assessments.assess_companies([tenant.pk, other.pk], on=ON)
    assert set(OutboxEvent.objects.filter(topic="decision.changed").values_list("key", flat=True)) == {"T-001", "N-001"}
    tenant.leases.update(area_m2="10.00")
    assessments.assess_companies([tenant.pk, other.pk], on=ON)
    assert OutboxEvent.objects.filter(topic="decision.changed").count() == 3


def test_a_run_decides_all_and_tells_once(tenant: Company):
    CompanyFactory()
    run = runs.execute(assessments.request_assessment(on=ON))
    assert run.state == RunState.DONE
    assert {name: run.result[name] for name in ("decided", "added", "superseded")} == {
        "decided": 16, "added": 16, "superseded": 0,
    }  # fmt: skip
    assert OutboxEvent.objects.filter(topic="decision.changed").count() == 1
    assert runs.execute(assessments.request_assessment(on=ON)).result["added"] == 0
    assert OutboxEvent.objects.filter(topic="decision.changed").count() == 1


def test_a_run_of_one_company_leaves_the_others(tenant: Company):
    CompanyFactory()
    run = runs.execute(assessments.request_assessment(on=ON, company="T-001"))
    assert run.result["decided"] == NO_POINTS
    assert set(Decision.objects.values_list("company__code", flat=True)) == {"T-001"}


def test_a_run_needs_a_company_that_exists_and_a_person_with_the_right(tenant: Company, officer, treasurer):
    with pytest.raises(Incomplete, match="no company with the code T-002"):
        assessments.request_assessment(on=ON, company="T-002")
    with pytest.raises(NotAllowed):
        assessments.request_assessment(on=ON, by=treasurer)
    assert not Run.objects.exists()
    assert assessments.request_assessment(on=ON, by=officer).requested_by == officer
