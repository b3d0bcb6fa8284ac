"""Publishing a version: the gate, two people, one winner, and what a version from a past day does to issued months."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from accounts.models import StaffRole, User
from companies.models import Company
from core import outbox, runs
from core.errors import Conflict, DomainError, NotAllowed
from core.models import OutboxEvent, Run, RunState
from core.periods import DAY
from subsidies import policy as versions
from subsidies.bulk.billed import rent as lines_of
from subsidies.choices import PolicyState
from subsidies.gather.records import records
from subsidies.gather.selection import chosen
from subsidies.models import PolicyAuthor, PolicyParameter, PolicyVersion, RentStatement, Simulation
from subsidies.rules.parameters import Provenance
from subsidies.services import approvals, drafts, gate, policies, simulations, statements
from subsidies.services.assessments import assess
from tests.conftest import staff_member
from tests.factories import UserFactory
from tests.packs import default_pack
from tests.policies import published_policy
from tests.subsidies.conftest import (
    APRIL,
    JUNE,
    MAY,
    ON,
    approved,
    billed,
    confirmed,
    decision,
    put_in_force,
    simulated,
)  # fmt: skip

JULY_1 = dt.date(2026, 7, 1)


def drafted(policy: PolicyVersion, by: User, name: str = "2026.1", day: dt.date = JULY_1) -> PolicyVersion:
    return drafts.draft_version(base=policy, name=name, effective_from=day, by=by)


@pytest.fixture
def draft(policy: PolicyVersion, policy_editor: User) -> PolicyVersion:
    return drafted(policy, policy_editor)


@pytest.fixture
def ready(draft: PolicyVersion, policy_editor: User, approver: User) -> PolicyVersion:
    """Nothing is in its way but the act itself."""
    return approved(draft, editor=policy_editor, approver=approver)


def codes(version: PolicyVersion, on: dt.date = ON) -> list[str]:
    return [problem.code for problem in gate.problems(PolicyVersion.objects.get(pk=version.pk), on)]


def tell(topic: str) -> None:
    with transaction.atomic():
        outbox.record(topic, "X")


# --- The gate ----------------------------------------------------------------------------------------------------


def test_a_fresh_copy_is_told_all_that_is_in_its_way_with_the_way_out(draft, policy_editor):
    found = gate.problems(draft, ON)
    assert [problem.code for problem in found] == ["unconfirmed", "not_simulated", "not_approved"]
    assert "34 assumed values" in found[0].text
    with pytest.raises(Conflict, match=r"34 assumed values .* simulate it\. Nobody approved") as refused:
        policies.publish_version(version=draft, on=ON, by=policy_editor)
    assert set(refused.value.fields) == {"unconfirmed", "not_simulated", "not_approved"}


def test_what_is_confirmed_simulated_and_approved_is_published(ready, policy_editor, approver):
    assert codes(ready) == []
    policies.publish_version(version=ready, on=ON, by=policy_editor)
    assert (ready.state, ready.published_by, ready.approved_by) == (PolicyState.PUBLISHED, policy_editor, approver)
    assert ready.approved_hash == ready.content_hash == versions.hash_of(ready)
    assert OutboxEvent.objects.filter(topic="policy.published", key="2026.1").count() == 1


def test_a_missing_parameter_and_an_impossible_and_a_contradictory_value_are_named(draft):
    rows = PolicyParameter.objects.filter(version=draft)
    rows.filter(name="rent_waiver.months").delete()
    rows.filter(name="rent_waiver.area_m2").update(value="-1")
    rows.filter(name="leading_project.score").update(value="95")
    found = gate.content_problems(draft)
    parts = {problem.code: problem.part for problem in found}
    assert {problem.section for problem in found} == {"rent_waiver", "leading_project", "activities"}
    assert parts["missing_parameter"] == "rent_waiver.months"
    assert parts["impossible_value"] == "rent_waiver.area_m2"
    assert parts["contradiction"] == "leading_project.score"


def test_a_clause_without_a_language_is_named(draft):
    draft.texts["stages"]["chick"]["clause"]["de"] = ""
    assert [p.part for p in gate.content_problems(draft) if p.code == "unworded"] == ["chick"]


def test_a_version_that_begins_no_later_than_one_published_meanwhile_is_held(ready, policy, policy_editor):
    put_in_force(drafted(policy, policy_editor, "2026.2", JULY_1))
    assert codes(ready) == ["not_after"]


def test_a_simulation_stands_for_one_content_and_one_state_of_the_facts(draft, policy_editor):
    confirmed(draft, policy_editor)
    simulation = simulations.begin_simulation(version=draft, on=JULY_1, by=policy_editor)
    assert codes(draft) == ["not_simulated", "not_approved"]
    simulation.state = RunState.DONE
    simulation.save()
    assert codes(draft) == ["not_approved"]
    tell("lease.changed")
    assert codes(draft) == ["facts_changed", "not_approved"]
    simulated(draft, policy_editor)
    drafts.change_day(version=draft, effective_from=dt.date(2026, 8, 1), revision=0, by=policy_editor)
    assert codes(draft) == ["not_simulated", "not_approved"]


@pytest.mark.parametrize(("days", "found"), [(30, []), (31, ["simulation_old"])])
def test_a_simulation_grows_old_though_no_fact_changes(ready, policy_editor, days, found):
    made = timezone.localtime().date()
    simulated(ready, policy_editor, on=max(made, JULY_1))
    assert codes(ready, made + dt.timedelta(days=days)) == found


@pytest.mark.parametrize(("day", "found"), [(JULY_1 - DAY, ["not_whole"]), (JULY_1, []), (JULY_1 + DAY, ["not_whole"])])
def test_a_version_is_simulated_for_its_own_first_day(draft, policy_editor, approver, day, found):
    with time_machine.travel(dt.datetime.combine(ON, dt.time(12), tzinfo=dt.UTC), tick=False):
        approved(draft, editor=policy_editor, approver=approver)
        Simulation.objects.all().delete()
        simulated(draft, policy_editor, on=day)
        assert codes(draft) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (dt.date(2026, 5, 15), ["simulation_old"]),
        (dt.date(2026, 5, 16), []),
        (ON, []),
        (ON + DAY, ["not_whole"]),
    ],
)
def test_a_version_from_a_past_day_is_simulated_for_a_day_that_is_not_long_past(policy, policy_editor, day, found):
    with time_machine.travel(dt.datetime.combine(ON, dt.time(12), tzinfo=dt.UTC), tick=False):
        draft = confirmed(drafted(policy, policy_editor, day=dt.date(2026, 4, 16)), policy_editor)
        simulated(draft, policy_editor, on=day)
        assert codes(draft) == [*found, "not_approved"]


@pytest.mark.parametrize(("months", "found"), [(35, ["not_whole"]), (36, [])])
def test_a_version_is_simulated_over_all_36_months(draft, policy_editor, approver, months, found):
    confirmed(draft, policy_editor)
    simulation = simulations.begin_simulation(version=draft, on=JULY_1, by=policy_editor, months=months)
    simulation.state = RunState.DONE
    simulation.save(update_fields=["state"])
    draft.refresh_from_db()
    assert codes(draft) == [*found, "not_approved"]
    if found:
        with pytest.raises(Conflict, match="was not simulated as it is"):
            approvals.approve_version(version=draft, content=draft.content_hash, by=approver)


def test_a_simulation_is_never_said_to_be_of_something_else(ready):
    for fields in ({"content_hash": "x"}, {"facts_mark": "9/9"}, {"day": ON}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            ready.simulations.update(**fields)


@pytest.mark.parametrize("topic", sorted(simulations.FACTS))
def test_the_mark_of_the_facts_changes_with_each_fact(db, topic):
    before = simulations.facts_mark()
    tell(topic)
    assert simulations.facts_mark() != before


@pytest.mark.parametrize("topic", ["policy.published", "policy.changed", "decision.changed", "statement.issued"])
def test_the_mark_of_the_facts_stays_when_no_fact_changes(db, topic):
    before = simulations.facts_mark()
    tell(topic)
    assert simulations.facts_mark() == before


@pytest.mark.django_db(transaction=True)
def test_the_mark_sees_a_fact_whose_number_was_given_before_the_newest(transactional_db):
    tell("company.changed")
    with transaction.atomic():
        outbox.record("lease.changed", "slow")
        quick = threading.Thread(target=lambda: (tell("company.changed"), connection.close()))
        quick.start()
        quick.join()
        marks: list[str] = []
        reader = threading.Thread(target=lambda: (marks.append(simulations.facts_mark()), connection.close()))
        reader.start()
        reader.join()
    assert simulations.facts_mark() != marks[0]


# --- Two people --------------------------------------------------------------------------------------------------


def test_who_edited_last_does_not_approve_whatever_his_roles(draft, approver):
    both = UserFactory(roles=[StaffRole.POLICY_EDITOR, StaffRole.APPROVER])
    confirmed(draft, both)
    simulated(draft, both)
    with pytest.raises(NotAllowed, match=r"You had a hand in what version 2026\.1 says"):
        approvals.approve_version(version=draft, content=draft.content_hash, by=both)
    approvals.approve_version(version=draft, content=draft.content_hash, by=approver)
    assert draft.approved_by == approver


def both_roles(name: str = "Both") -> User:
    return UserFactory(name=name, roles=[StaffRole.POLICY_EDITOR, StaffRole.APPROVER])


def refused_to_approve(draft: PolicyVersion, by: User) -> bool:
    """Whether the service refuses it, and the database as well."""
    with pytest.raises(NotAllowed, match="You had a hand in") as told:
        approvals.approve_version(version=draft, content=draft.content_hash, by=by)
    approval = {"approved_by": by, "approved_at": timezone.now(), "approved_hash": draft.content_hash}
    with pytest.raises(IntegrityError, match="had a hand"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(state="approved", **approval)
    return told.value.code == "two_people"


def test_who_edited_any_part_does_not_approve_though_others_edited_it_later(draft, policy_editor, approver):
    both = both_roles()
    change(draft, "rent_waiver.area_m2", Decimal(200), both)
    drafts.change_parameter(
        version=draft, name="rent_waiver.area_m2", value=Decimal(250), provenance="published", source="The zone",
        revision=1, by=policy_editor,
    )  # fmt: skip
    confirmed(draft, policy_editor)
    simulated(draft, policy_editor)
    assert draft.edits.get(part="rent_waiver.area_m2").by == policy_editor
    assert refused_to_approve(draft, both)
    approvals.approve_version(version=draft, content=draft.content_hash, by=approver)
    assert draft.approved_by == approver


@pytest.mark.parametrize("act", ["day", "words", "confirmation"])
def test_a_day_words_and_a_confirmation_are_edits_as_well(draft, policy_editor, act):
    both = both_roles()
    words = draft.texts["points"]["rent_waiver"]
    if act == "day":
        drafts.change_day(version=draft, effective_from=JULY_1 + DAY, revision=0, by=both)
    elif act == "words":
        name = {**words["name"], "de": "Anders"}
        drafts.change_text(version=draft, code="rent_waiver", name=name, clause=words["clause"], revision=0, by=both)
    else:
        drafts.confirm_parameters(version=draft, revisions={"activities.share": 0}, by=both)
    draft.refresh_from_db()
    confirmed(draft, policy_editor)
    simulated(draft, policy_editor)
    assert refused_to_approve(draft, both)


def test_who_copied_or_brought_a_draft_does_not_approve_it(policy, policy_editor):
    both = both_roles()
    copied = drafted(policy, both)
    brought = policies.load_pack(pack=replace(default_pack(), version="2027.1", effective_from=JULY_1), by=both).version
    for draft in (copied, brought):
        confirmed(draft, policy_editor)
        simulated(draft, policy_editor)
        assert refused_to_approve(draft, both)


def test_what_somebody_wrote_into_a_draft_stays_his_in_its_copy(draft, policy_editor):
    both = both_roles()
    change(draft, "rent_waiver.area_m2", Decimal(200), both)
    copy = confirmed(drafted(draft, policy_editor, "2026.2"), policy_editor)
    simulated(copy, policy_editor)
    assert refused_to_approve(copy, both)


def test_who_wrote_what_is_law_approves_a_copy_of_it(ready, policy_editor):
    both, second = both_roles(), UserFactory(roles=[StaffRole.POLICY_EDITOR])
    PolicyAuthor.objects.create(version=ready, author=both)
    policies.publish_version(version=ready, on=ON, by=second)
    copy = drafted(ready, second, "2026.2", dt.date(2026, 8, 1))
    simulated(copy, second)
    approvals.approve_version(version=copy, content=copy.content_hash, by=both)
    assert copy.approved_by == both


def test_nobody_both_approves_and_publishes(policy, policy_editor):
    both = both_roles()
    pack = default_pack()
    known = {name: replace(one, provenance=Provenance.ADOPTED) for name, one in pack.parameters.items()}
    draft = policies.load_pack(pack=replace(pack, version="2027.1", effective_from=JULY_1, parameters=known)).version
    simulated(draft, policy_editor)
    approvals.approve_version(version=draft, content=draft.content_hash, by=both)
    with pytest.raises(NotAllowed, match=r"You approved version 2027\.1: another policy editor") as refused:
        policies.publish_version(version=draft, on=ON, by=both)
    assert refused.value.code == "two_people"
    with pytest.raises(IntegrityError, match="does not publish"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(
            state="published", published_at=timezone.now(), published_by=both
        )
    policies.publish_version(version=draft, on=ON, by=policy_editor)
    assert (draft.approved_by, draft.published_by) == (both, policy_editor)


def test_an_approval_of_before_by_an_author_is_named_by_the_gate(ready, approver, policy_editor):
    PolicyAuthor.objects.create(version=ready, author=approver)
    assert codes(ready) == ["two_people"]
    with pytest.raises(Conflict, match="withdraw the approval"):
        policies.publish_version(version=ready, on=ON, by=policy_editor)


@pytest.mark.parametrize("role", ["officer", "reviewer", "treasurer", "policy_editor", "auditor"])
def test_only_approvers_approve_and_withdraw(ready, role):
    by = staff_member(role) if role != "policy_editor" else UserFactory(roles=[role])
    with pytest.raises(NotAllowed):
        approvals.withdraw_approval(version=ready, by=by)
    with pytest.raises(NotAllowed):
        approvals.approve_version(version=ready, content=ready.content_hash, by=by)


@pytest.mark.parametrize("role", ["officer", "reviewer", "treasurer", "approver", "auditor"])
def test_only_policy_editors_publish(draft, role):
    with pytest.raises(NotAllowed):
        policies.publish_version(version=draft, on=ON, by=UserFactory(roles=[role]))


def test_an_approval_names_what_was_read(draft, policy_editor, approver):
    confirmed(draft, policy_editor)
    read = draft.content_hash
    drafts.change_day(version=draft, effective_from=dt.date(2026, 8, 1), revision=0, by=policy_editor)
    simulated(draft, policy_editor)
    with pytest.raises(Conflict, match=r"Policy Editor changed version 2026\.1 while you read it"):
        approvals.approve_version(version=draft, content=read, by=approver)


def test_nobody_answers_for_what_is_unconfirmed_or_was_never_simulated(draft, policy_editor, approver):
    with pytest.raises(Conflict, match="34 assumed values"):
        approvals.approve_version(version=draft, content=draft.content_hash, by=approver)
    confirmed(draft, policy_editor)
    with pytest.raises(Conflict, match="was not simulated as it is"):
        approvals.approve_version(version=draft, content=draft.content_hash, by=approver)


def test_a_withdrawn_approval_can_be_given_again(ready, approver):
    approvals.withdraw_approval(version=ready, by=approver)
    assert (ready.state, ready.approved_by) == (PolicyState.SIMULATED, None)
    assert codes(ready) == ["not_approved"]
    with pytest.raises(Conflict, match="is not approved"):
        approvals.withdraw_approval(version=ready, by=approver)
    approvals.approve_version(version=ready, content=ready.content_hash, by=approver)
    assert codes(ready) == []


def test_the_database_wants_two_people_and_the_content_that_they_saw(ready, policy_editor):
    rows = PolicyVersion.objects.filter(pk=ready.pk)
    for fields in ({"approved_by": policy_editor}, {"approved_hash": "x"}, {"approved_by": None}, {"state": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)


def test_the_database_publishes_no_later_version_without_an_approval(draft):
    with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(state="published", published_at=timezone.now())


# --- One day after the other -------------------------------------------------------------------------------------


def test_a_version_is_superseded_from_the_first_day_of_the_next(ready, policy, policy_editor):
    policies.publish_version(version=ready, on=ON, by=policy_editor)
    first = PolicyVersion.objects.with_ends().get(pk=policy.pk)
    assert first.replaced_on == JULY_1 == PolicyVersion.objects.get(pk=policy.pk).replaced_on
    assert [first.state_on(day) for day in (dt.date(2026, 6, 30), JULY_1)] == ["published", "superseded"]
    assert PolicyVersion.objects.get(pk=ready.pk).state_on(dt.date(2030, 1, 1)) == PolicyState.PUBLISHED
    assert PolicyVersion.objects.get(pk=policy.pk).state == PolicyState.PUBLISHED


def test_decisions_of_a_day_follow_the_version_in_force_on_it(tenant: Company, policy, policy_editor):
    draft = drafted(policy, policy_editor)
    change(draft, "rent_waiver.area_m2", Decimal(200), policy_editor)
    put_in_force(draft)
    for day, version, amount in ((dt.date(2026, 6, 30), "2025.1", "9000.00"), (JULY_1, "2026.1", "6200.00")):
        assess(chosen([tenant.pk]), on=day)
        found = decision(tenant)
        assert (found.version.version, str(found.amount)) == (version, amount)


def change(draft: PolicyVersion, name: str, value: Decimal, by: User) -> None:
    drafts.change_parameter(
        version=draft, name=name, value=value, provenance="published", source="The zone", revision=0, by=by
    )


@pytest.mark.slow
def test_a_version_from_a_past_day_corrects_issued_months_in_the_open_one(tenant, policy, policy_editor, treasurer):
    for month in (APRIL, MAY):
        billed(tenant, month)
    for month in (APRIL, MAY):
        statements.issue_statements(month=month, on=ON, by=treasurer)
    issued = list(RentStatement.objects.values("month", "rent", "waived", "payable", "issued_at"))
    billed(tenant, JUNE)
    draft = drafted(policy, policy_editor, day=dt.date(2026, 4, 16))
    change(draft, "rent_waiver.area_m2", Decimal(200), policy_editor)
    simulation = simulations.begin_simulation(version=draft, on=ON, by=policy_editor)
    runs.execute(simulation.run)
    draft.refresh_from_db()
    put_in_force(draft)
    outbox.drain("reassess")
    for run in Run.objects.order_by("pk"):
        runs.execute(run)
    assert list(RentStatement.objects.exclude(month=JUNE).values(*issued[0])) == issued
    june = RentStatement.objects.get(month=JUNE)
    corrections = {one.month: one for one in june.adjustments.all()}
    assert {(one.reason, one.rent) for one in corrections.values()} == {("policy", Decimal(0))}
    assert (corrections[APRIL].waived, corrections[MAY].waived) == (Decimal("-1500.00"), Decimal("-3100.00"))
    told = {one.month: one for one in simulation.corrections.all()}
    assert {month: one.after - one.issued for month, one in told.items()} == {
        month: one.waived for month, one in corrections.items()
    }
    assert (told[APRIL].issued, told[APRIL].before, told[APRIL].after) == (9000, 9000, Decimal("7500.00"))
    assert (june.waived, june.adjustment) == (Decimal("6000.00"), Decimal("4600.00"))
    assert sum(one.payable for one in RentStatement.objects.all()) == from_scratch(tenant) == Decimal("16700.00")


def from_scratch(tenant: Company) -> Decimal:
    """What the company pays for the three months where nothing was ever billed before."""
    lines = lines_of(records(chosen([tenant.pk])), [APRIL, MAY, JUNE], versions.timeline())
    return Decimal(lines["rent"].sum() - lines["waived"].sum()) / 100


# --- At once -----------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or was refused with; each runs on a connection of its own, and none before the others."""
    results: list[object] = [None] * len(acts)
    together = threading.Barrier(len(acts), timeout=20)

    def run(index: int) -> None:
        try:
            together.wait()
            results[index] = acts[index]()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert not any(thread.is_alive() for thread in threads)
    return results


class Pair:
    """A draft that is ready, with its editor and its approver, committed."""

    def __init__(self) -> None:
        self.editor = UserFactory(name="Gao", roles=[StaffRole.POLICY_EDITOR])
        self.approver = UserFactory(name="Lin", roles=[StaffRole.APPROVER])
        self.policy = published_policy()
        self.draft = drafted(self.policy, self.editor)
        confirmed(self.draft, self.editor)
        simulated(self.draft, self.editor)

    def approve(self, draft: PolicyVersion | None = None) -> PolicyVersion:
        one = draft or self.draft
        return approvals.approve_version(version=one, content=one.content_hash, by=self.approver)

    def publish(self, draft: PolicyVersion | None = None) -> PolicyVersion:
        one = PolicyVersion.objects.get(pk=(draft or self.draft).pk)
        return policies.publish_version(version=one, on=ON, by=self.editor)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_one_version_one_is_told(transactional_db):
    pair = Pair()
    pair.approve()
    results = at_once(pair.publish, pair.publish)
    (refused,) = [result for result in results if isinstance(result, Conflict)]
    assert refused.code == "published"
    assert OutboxEvent.objects.filter(topic="policy.published", key="2026.1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_versions_for_one_day_one_is_published(transactional_db):
    pair = Pair()
    other = drafted(pair.draft, pair.editor, "2026.2")
    simulated(other, pair.editor)
    pair.approve()
    pair.approve(other)
    results = at_once(pair.publish, lambda: pair.publish(other))
    (refused,) = [result for result in results if isinstance(result, Conflict)]
    assert set(refused.fields) == {"not_after"}
    assert PolicyVersion.objects.filter(state="published").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_edit_while_somebody_approves_leaves_no_approval_of_what_nobody_read(transactional_db):
    pair = Pair()
    day = dt.date(2026, 8, 1)

    def edit() -> PolicyVersion:
        return drafts.change_day(version=pair.draft, effective_from=day, revision=0, by=pair.editor)

    approved_one, _edited = at_once(pair.approve, edit)
    after = PolicyVersion.objects.get(pk=pair.draft.pk)
    assert (after.state, after.approved_by, after.effective_from) == (PolicyState.DRAFT, None, day)
    if isinstance(approved_one, Conflict):
        assert "Gao changed version 2026.1 while you read it" in str(approved_one)


@pytest.mark.django_db(transaction=True)
def test_two_editors_of_one_number_do_not_overwrite_each_other(transactional_db):
    pair = Pair()
    second = UserFactory(name="Second", roles=[StaffRole.POLICY_EDITOR])
    acts = [
        lambda by=by, value=value: change(pair.draft, "rent_waiver.area_m2", Decimal(value), by)
        for by, value in ((pair.editor, 200), (second, 100))
    ]
    results = at_once(*acts)
    (refused,) = [result for result in results if isinstance(result, Conflict)]
    assert refused.code == "changed_meanwhile"
    winner = "Second" if results.index(refused) == 0 else "Gao"
    assert str(refused).startswith(f"{winner} changed rent_waiver.area_m2")
