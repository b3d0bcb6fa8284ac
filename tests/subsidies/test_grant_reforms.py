"""A version of the policy is published from a past day: what is released and recovered of grants whose day it governs,
and that it is said to be the policy's doing."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import StaffRole, User
from companies.models import Company
from core import runs
from core.errors import Conflict
from core.models import OutboxEvent, Run
from core.periods import period
from subsidies.choices import EntryKind, GrantState, Point, RecoveryState
from subsidies.gather.grants import touched
from subsidies.gather.selection import chosen
from subsidies.models import Grant, LedgerEntry, PolicyVersion, Recovery
from subsidies.services import assessments, drafts
from subsidies.services.grants import approve_grant, pay_grant, propose_supplement
from subsidies.services.reactions import react
from subsidies.services.recoveries import review_companies
from tests.factories import CompanyFactory, TalentFactory, UserFactory
from tests.subsidies.conftest import ON, let, put_in_force
from tests.subsidies.grants import approved, corrected, paid, person, proposed, spent

DAY, AN_HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
LATER = dt.date(2026, 7, 20)
TOLD = "Version 2026.1 of the policy, published after the approval, governs 2026-06-15."


@pytest.fixture
def editor(db: None) -> User:
    return UserFactory(roles=[StaffRole.POLICY_EDITOR])


def published(
    day: dt.date, editor: User, name: str = "2026.1", point: str = "activities", **values: int
) -> PolicyVersion:
    """A version from the day on, with these values of a point."""
    base = PolicyVersion.objects.published().latest("effective_from")
    draft = drafts.draft_version(base=base, name=name, effective_from=day, by=editor)
    for parameter, value in (values or {"share": 40}).items():
        drafts.change_parameter(
            version=draft, name=f"{point}.{parameter}", value=Decimal(value), provenance="published",
            source="The zone", revision=0, by=editor,
        )  # fmt: skip
    return put_in_force(draft)


def work_off() -> None:
    """All that the events of now lead to, in the background."""
    react(list(OutboxEvent.objects.filter(topic="policy.published")), on=LATER)
    for run in Run.objects.filter(state="queued", kind=assessments.ASSESS).order_by("pk"):
        runs.execute(run)


def test_what_was_not_paid_is_released_by_the_run_with_the_versions_name(tenant: Company, editor: User):
    spent(tenant, "30000", number="E-1")
    grant = approved(tenant)
    rested_on = dict(grant.decision.facts), grant.decision.amount
    published(ON, editor)
    work_off()
    grant.refresh_from_db()
    assert (grant.state, grant.amount, grant.committed) == (GrantState.APPROVED, Decimal(15_000), Decimal(12_000))
    release = grant.entries.get(kind=EntryKind.RELEASE)
    assert (release.amount, release.by) == (Decimal(3_000), None)
    assert release.reason == f"{TOLD} It would have been ¥12,000.00, not ¥15,000.00."
    assert (dict(grant.decision.facts), grant.decision.amount) == rested_on
    assert pay_grant(grant=grant, on=LATER, by=person(StaffRole.TREASURER)).paid == Decimal(12_000)


def test_what_was_paid_is_recovered_for_the_policy(tenant: Company, editor: User):
    spent(tenant, "30000", number="E-1")
    grant = paid(tenant)
    published(ON, editor)
    work_off()
    recovery = Recovery.objects.get()
    assert (recovery.state, recovery.amount) == (RecoveryState.OPEN, Decimal(3_000))
    assert recovery.reason == f"{TOLD} It would have been ¥12,000.00, not ¥15,000.00."
    assert (recovery.arithmetic["was"], recovery.arithmetic["now"]) == ("15000.00", "12000.00")
    assert list(grant.entries.values_list("kind", flat=True)) == [EntryKind.COMMITMENT, EntryKind.PAYMENT]


def test_to_run_again_changes_nothing(tenant: Company, editor: User):
    spent(tenant, "30000")
    paid(tenant)
    other = CompanyFactory(code="T-002")
    let(other)
    spent(other, "30000")
    approved(other)
    published(ON, editor)
    work_off()
    before = (list(Recovery.objects.values()), list(LedgerEntry.objects.values()))
    assert [len(rows) for rows in before] == [1, 4]
    work_off()
    assert review_companies([tenant.pk, other.pk]) == 0
    assert (list(Recovery.objects.values()), list(LedgerEntry.objects.values())) == before


@pytest.mark.parametrize(("first", "is_governed"), [(ON, True), (ON + DAY, False)])
def test_only_grants_of_days_that_the_version_governs_are_looked_at(
    tenant: Company, editor: User, first: dt.date, is_governed: bool
):
    spent(tenant, "30000")
    grant = approved(tenant)
    version = published(first, editor)
    looked_at = version.published_at + AN_HOUR
    Grant.objects.update(reviewed_at=looked_at)
    assert touched(chosen([tenant.pk])) == []
    Grant.objects.update(reviewed_at=looked_at - dt.timedelta(microseconds=1))
    assert touched(chosen([tenant.pk])) == ([grant.pk] if is_governed else [])
    assert review_companies([tenant.pk]) == is_governed


def test_a_day_that_a_later_version_governs_is_judged_by_that_one(tenant: Company, editor: User):
    spent(tenant, "30000")
    grant = approved(tenant)
    published(ON - DAY, editor)
    published(ON, editor, name="2026.2", share=30)
    assert review_companies([tenant.pk]) == 1
    assert grant.entries.get(kind=EntryKind.RELEASE).reason == (
        f"{TOLD.replace('2026.1', '2026.2')} It would have been ¥9,000.00, not ¥15,000.00."
    )


def test_a_version_that_gives_more_takes_nothing(tenant: Company, editor: User):
    spent(tenant, "30000")
    grant = approved(tenant)
    published(ON, editor, share=60)
    assert review_companies([tenant.pk]) == 0
    assert pay_grant(grant=grant, on=LATER, by=person(StaffRole.TREASURER)).paid == Decimal(15_000)


def test_a_fact_and_a_version_are_both_named(tenant: Company, editor: User):
    expense = spent(tenant, "30000", number="E-1")
    grant = approved(tenant)
    published(ON, editor)
    corrected(expense, amount=Decimal("20000.00"))
    assert grant.entries.get(kind=EntryKind.RELEASE).reason == (
        f"Corrected: E-1. {TOLD} It would have been ¥8,000.00, not ¥15,000.00."
    )


def test_a_fact_alone_is_not_put_down_to_a_version_that_changes_nothing_for_it(tenant: Company, editor: User):
    expense = spent(tenant, "30000", number="E-1")
    grant = approved(tenant)
    published(ON, editor, yearly_cap=100_000)
    corrected(expense, amount=Decimal("20000.00"))
    reason = grant.entries.get(kind=EntryKind.RELEASE).reason
    assert reason == "Corrected: E-1. It would have been ¥10,000.00, not ¥15,000.00."


def test_a_version_that_asks_for_more_says_what_is_not_met(tenant: Company, editor: User):
    talent = TalentFactory(company=tenant, employment=period(dt.date(2025, 11, 15), None))
    paid(tenant, Point.TALENT)
    published(ON, editor, point="talent", employment_months=8)
    assert review_companies([tenant.pk]) == 1
    recovery = Recovery.objects.get()
    assert recovery.reason.startswith(f"{TOLD} Not met on 2026-06-15: ")
    assert recovery.amount == recovery.grant.paid
    assert recovery.arithmetic["items"][0]["code"] == talent.code


def test_a_registration_that_never_was_is_not_told_a_second_time_of_the_version(tenant: Company, editor: User):
    spent(tenant, "30000")
    paid(tenant)
    published(ON, editor)
    assert corrected(tenant, registration=period(dt.date(2026, 7, 1), None)) == 1
    assert Recovery.objects.get().reason == (
        "Not met on 2026-06-15: Registered in the zone. It would have been ¥0.00, not ¥15,000.00."
    )


def test_a_payment_waits_for_the_policy_and_says_so(tenant: Company, editor: User):
    spent(tenant, "30000")
    grant = approved(tenant)
    published(ON, editor)
    with pytest.raises(Conflict, match=r"Version 2026\.1 of the policy was published after .* was approved") as refused:
        pay_grant(grant=grant, on=LATER, by=person(StaffRole.TREASURER))
    assert refused.value.code == "policy_changed"


# A proposal meets a version that was not there, or did not govern yet.


def test_an_approval_waits_for_the_policy_and_says_so(tenant: Company, editor: User):
    spent(tenant, "30000")
    grant = proposed(tenant)
    published(ON, editor)
    told = rf"Version 2026\.1 of the policy governs 2026-06-15, which did not when {grant.number} .* ¥12,000\.00 now"
    with pytest.raises(Conflict, match=told) as refused:
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))
    assert refused.value.code == "policy_changed"


def test_a_version_that_begins_between_proposal_and_approval_is_named_too(tenant: Company, editor: User):
    spent(tenant, "30000")
    published(ON + 10 * DAY, editor)
    grant = proposed(tenant)
    with pytest.raises(Conflict, match=r"Version 2026\.1 of the policy governs 2026-07-20") as refused:
        approve_grant(grant=grant, on=LATER, by=person(StaffRole.APPROVER))
    assert refused.value.code == "policy_changed"


def test_facts_and_a_version_are_both_named_at_the_approval(tenant: Company, editor: User):
    cost = spent(tenant, "30000")
    grant = proposed(tenant)
    corrected(cost, amount=Decimal(20_000))
    published(ON, editor)
    with pytest.raises(Conflict, match=r"The facts changed since .*, and version 2026\.1 .* ¥8,000\.00 now") as refused:
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))
    assert refused.value.code == "facts_changed"


def test_facts_alone_are_named_at_the_approval_where_the_version_changes_nothing(tenant: Company, editor: User):
    cost = spent(tenant, "30000")
    grant = proposed(tenant)
    corrected(cost, amount=Decimal(20_000))
    published(ON, editor, point="talent", award_a=900_000)
    with pytest.raises(Conflict, match=r"The facts changed since \S+ was proposed over ¥15,000\.00: it") as refused:
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))
    assert refused.value.code == "facts_changed"


def test_what_a_grant_holds_must_come_to_its_amount_by_the_new_version(tenant: Company, editor: User):
    """Both costs together still fill the maximum of the year, but the grant does not hold the second one."""
    spent(tenant, "400000", number="E-1")
    spent(tenant, "200000", number="E-2")
    grant = proposed(tenant)
    assert grant.items.get().expense.number == "E-1"
    published(ON, editor)
    with pytest.raises(Conflict, match=r"Version 2026\.1 of the policy governs .* ¥160,000\.00 now"):
        approve_grant(grant=grant, on=ON, by=person(StaffRole.APPROVER))


def test_a_supplement_that_a_version_overtakes_names_it(tenant: Company, editor: User):
    cost = spent(tenant, "30000")
    grant = approved(tenant)
    corrected(cost, amount=Decimal(40_000))
    supplement = propose_supplement(grant=grant, on=ON, by=person(StaffRole.OFFICER))
    published(ON, editor, share=60)
    with pytest.raises(Conflict, match=r"Version 2026\.1 of the policy governs 2026-06-15.* ¥9,000\.00 now") as refused:
        approve_grant(grant=supplement, on=ON, by=person(StaffRole.APPROVER))
    assert refused.value.code == "policy_changed"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-hans", "政策版本 2026.1 在批准之后发布，适用于 2026-06-15。"),
        ("de", "Fassung 2026.1 der Richtlinie, nach der Genehmigung veröffentlicht, gilt auch für den 2026-06-15."),
    ],
)
def test_the_reason_is_in_the_zones_own_language(tenant: Company, editor: User, settings, language: str, told: str):  # type: ignore[no-untyped-def]
    settings.LANGUAGE_CODE = language
    spent(tenant, "30000")
    grant = approved(tenant)
    published(ON, editor)
    review_companies([tenant.pk])
    assert grant.entries.get(kind=EntryKind.RELEASE).reason.startswith(f"{told} ")


def test_what_the_company_is_told_names_the_version(tenant: Company, editor: User):
    spent(tenant, "30000")
    grant = approved(tenant)
    published(ON, editor)
    work_off()
    event = OutboxEvent.objects.filter(topic="grant.changed", key=str(grant.public_id)).latest("pk")
    assert (event.payload["what"], event.payload["amount"]) == ("reduced", "12000.00")
    assert event.payload["reason"].startswith(TOLD)
