"""A simulation says beforehand what publishing does: company by company, month by month, to the fen."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from accounts.models import StaffRole
from core import runs
from core.errors import Conflict, DomainError, Incomplete
from core.models import RunState
from core.periods import period
from spaces.services import end_lease
from subsidies.gather import selection, snapshot
from subsidies.gather.selection import LAST, id_range
from subsidies.models import (
    Decision,
    InterestAdjustment,
    InterestStatement,
    RentAdjustment,
    RentStatement,
    Simulation,
    SimulationCell,
    SimulationChange,
    SimulationCorrection,
)
from subsidies.services import approvals, drafts, gate, policies, simulations, statements, trials
from subsidies.services.assessments import assess
from subsidies.services.statements import bill
from subsidies.simulated import points_of
from tests.conftest import staff_member
from tests.factories import (
    CompanyFactory,
    ExpenseFactory,
    InterestStatementFactory,
    LoanFactory,
    RentStatementFactory,
    SupplierFactory,
    UserFactory,
)
from tests.subsidies.conftest import APRIL, JUNE, MAY, ON, confirmed, let
from tests.subsidies.grants import approved
from tests.subsidies.grants import spent as spent_on

BEGINS = dt.date(2026, 6, 1)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Tests roll back: the next register may have the mark of the last one, which no real one has."""
    snapshot.forget()


@pytest.fixture
def editor(db):
    return UserFactory(roles=[StaffRole.POLICY_EDITOR])


@pytest.fixture
def zone(policy, tenant):
    """Companies of every fate: with relief, small and large, unregistered, unknown, without premises, with costs."""
    small = CompanyFactory(code="T-002", stage="chick")
    let(small, area_m2=Decimal("50.00"))
    late = CompanyFactory(code="T-003", registration=period(dt.date(2026, 9, 1), None))
    let(late, area_m2=Decimal("310.00"))
    unknown = CompanyFactory(code="T-004", operation=None)
    let(unknown)
    CompanyFactory(code="T-005")
    ExpenseFactory(company=small, point="activities", kind="", amount=Decimal("90000.01"), paid_on=dt.date(2026, 2, 3))
    ExpenseFactory(company=tenant, point="settlement", kind="", amount=Decimal("33333.33"), paid_on=dt.date(2026, 2, 3))
    supplier = SupplierFactory(admission=period(dt.date(2025, 1, 1), None))
    ExpenseFactory(
        company=tenant, point="ai_vouchers", kind="model", supplier=supplier, contract="K-1",
        amount=Decimal("12345.67"), paid_on=dt.date(2026, 3, 4),
    )  # fmt: skip
    return policy


@pytest.fixture
def draft(zone, editor):
    """Half as much area for rent relief, twice as much for activities; in force two weeks before today."""
    made = drafts.draft_version(base=zone, name="2026.2", effective_from=BEGINS, by=editor)
    for name, value in (("rent_waiver.area_m2", 150), ("activities.share", 100), ("settlement.cap", 10000)):
        change(made, name, value, editor)
    return confirmed(made, editor)


def change(version, name: str, value: int, by) -> None:
    """Another value, from the same source."""
    row = version.parameters.get(name=name)
    revision = dict(version.edits.values_list("part", "revision")).get(name, 0)
    drafts.change_parameter(
        version=version, name=name, value=Decimal(value), provenance=row.provenance, source=row.source,
        revision=revision, by=by,
    )  # fmt: skip


def simulate(version, editor, on=ON, months=3) -> Simulation:
    found = simulations.begin_simulation(version=version, on=on, by=editor, months=months)
    runs.execute(found.run)
    found.refresh_from_db()
    version.refresh_from_db()
    return found


def publish(version, editor):
    approver = UserFactory(roles=[StaffRole.APPROVER])
    approvals.approve_version(version=version, content=version.content_hash, by=approver)
    return policies.publish_version(version=version, on=ON, by=editor)


def decisions() -> dict[tuple[str, str], tuple[str, Decimal | None]]:
    in_force = Decision.objects.in_force().values_list("company__code", "point", "outcome", "amount")
    return {(company, point): (outcome, amount) for company, point, outcome, amount in in_force}


def everybody():
    return id_range(0, LAST)


def told_of(simulation: Simulation) -> dict[tuple[str, str], tuple[Any, Any]]:
    """By company and point, what a simulation says that changes, from what to what."""
    return {
        (found.company.code, found.point): (
            (found.outcome_before, found.amount_before), (found.outcome_after, found.amount_after),
        )
        for found in simulation.changes.select_related("company")
    }  # fmt: skip


def changed(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    return {key: (before.get(key, 0), after.get(key, 0)) for key in before | after if before.get(key) != after.get(key)}


def test_what_publishing_decides_equals_what_was_simulated_to_the_fen(draft, editor):
    assess(everybody(), on=ON)
    before = decisions()
    simulation = simulate(draft, editor, months=36)
    publish(draft, editor)
    assess(everybody(), on=ON)
    after = decisions()
    told = told_of(simulation)
    assert told == changed(before, after)
    assert told.keys() == {("T-001", "rent_waiver"), ("T-001", "settlement"), ("T-002", "activities")}
    for point, sums in simulation.result.items():
        amounts = [amount or 0 for (_company, of), (_outcome, amount) in after.items() if of == point]
        assert sums["amount_after"] == sum(amounts) * 100


def test_the_cost_of_a_month_is_what_is_billed_for_it(draft, editor):
    simulation = simulate(draft, editor, months=36)
    publish(draft, editor)
    for month in (dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 8, 1)):
        bill(everybody(), month=month)
        waived = RentStatement.objects.filter(month=month).aggregate(sum=Sum("waived"))["sum"]
        cells = simulation.cells.filter(month=month, point="rent_waiver")
        assert cells.aggregate(sum=Sum("cost_after"))["sum"] == waived > 0


def test_what_is_granted_once_costs_once_and_what_is_of_a_year_each_year(draft, editor):
    simulation = simulate(draft, editor, months=36)
    by_month = {
        point: simulation.cells.filter(point=point, cost_after__gt=0).values_list("month", "cost_after")
        for point in ("settlement", "activities")
    }
    assert list(by_month["settlement"]) == [(BEGINS, Decimal("10000.00"))]
    assert list(by_month["activities"]) == [(BEGINS, Decimal("90000.01"))]


def test_the_law_of_before_holds_until_the_draft_begins(zone, editor):
    draft = drafts.draft_version(base=zone, name="later", effective_from=dt.date(2026, 8, 1), by=editor)
    change(draft, "rent_waiver.area_m2", 100, editor)
    simulation = simulate(confirmed(draft, editor), editor, months=36)
    assert not simulation.changes.exists()
    by_month = {
        cell["month"]: (cell["before"], cell["after"])
        for cell in simulation.cells.filter(point="rent_waiver").order_by("month").values("month").annotate(
            before=Sum("cost_before"), after=Sum("cost_after")
        )
    }  # fmt: skip
    same = {month for month, (before, after) in by_month.items() if before == after}
    over = dt.date(2028, 10, 1)  # the first month after everybody's window
    assert same == {month for month in by_month if month < dt.date(2026, 8, 1) or month >= over}


@pytest.fixture
def one_by_one(settings, monkeypatch):
    """From its call on each company is a shard of its own."""

    def split() -> None:
        settings.RUN_SHARD = 1
        monkeypatch.setattr(selection, "BLOCK", 1)

    return split


def test_shards_add_up_to_the_same(draft, editor, one_by_one):
    whole = simulate(draft, editor, months=2)
    one_by_one()
    parts = simulate(draft, editor, months=2)
    assert parts.run.total == 5
    assert parts.result == whole.result

    def rows(model, simulation):
        named = [field.attname for field in model._meta.fields if field.attname not in {"id", "simulation_id"}]
        return sorted(model.objects.filter(simulation=simulation).values_list(*named), key=str)

    for model in (SimulationCell, SimulationChange):
        assert rows(model, whole) == rows(model, parts) != []


def test_a_change_names_the_criteria_that_come_out_differently(draft, editor):
    change(draft, "angel_fund.max_age_years", 1, editor)
    simulation = simulate(draft, editor)
    found = simulation.changes.get(company__code="T-001", point="rent_waiver")
    assert (found.change, found.criteria) == ("less", "")
    assert (found.amount_before, found.amount_after) == (Decimal("9000.00"), Decimal("4500.00"))


def test_sums_are_kept_by_stage_and_campus(draft, editor):
    simulation = simulate(draft, editor, months=1)
    cell = simulation.cells.get(point="rent_waiver", stage="chick")
    assert (cell.campus != "", cell.eligible_after, cell.cost_after) == (True, 1, Decimal("1500.00"))


def test_what_is_gone_from_a_budget_is_what_was_billed_this_year_and_what_grants_hold(draft, editor, tenant):
    RentStatementFactory(company=tenant, month=dt.date(2025, 12, 1))
    RentStatementFactory(company=tenant, waived=Decimal("850.00"))
    RentStatementFactory(company=tenant, month=ON.replace(day=1))  # simulated itself
    InterestStatementFactory(company=tenant)
    spent_on(tenant, "30000")
    grant = approved(tenant)
    spent = {point.code: point.years[0].spent for point in points_of(simulate(draft, editor, months=1))}
    assert {code: amount for code, amount in spent.items() if amount} == {
        "rent_waiver": Decimal("850.00"), "loan_interest": Decimal("1500.00"), "activities": grant.amount,
    }  # fmt: skip


def test_a_draft_that_is_edited_meanwhile_fails_its_simulation(draft, editor):
    simulation = simulations.begin_simulation(version=draft, on=ON, by=editor)
    draft.refresh_from_db()
    change(draft, "talent.award_a", 7, editor)
    with pytest.raises(Conflict, match="changed while it was simulated"):
        runs.execute(simulation.run)
    simulation.refresh_from_db()
    assert (simulation.state, simulation.run.state) == (RunState.FAILED, RunState.FAILED)
    assert not simulation.cells.exists()


def test_a_trial_says_what_a_simulation_of_the_same_values_says(zone, draft, editor):
    simulation = simulate(draft, editor)
    plain = drafts.draft_version(base=zone, name="plain", effective_from=BEGINS, by=editor)
    values = {"rent_waiver.area_m2": Decimal(150), "activities.share": Decimal(100), "settlement.cap": Decimal(10000)}
    trial = trials.try_values(version=plain, values=values, on=ON)
    for point in trial.points:
        sums = simulation.result[point.point]
        assert (point.eligible.after, point.unknown.after) == (sums["eligible_after"], sums["unknown_after"])
        assert (point.amount_before * 100, point.amount_after * 100) == (sums["amount_before"], sums["amount_after"])
        assert all(sums[kind] == count for kind, count in point.changes.items())
    assert {point.point for point in trial.touched} == {"rent_waiver", "activities", "settlement"}
    assert trial.losing[0].company.code == "T-001"


def test_a_trial_sees_a_fact_that_changed_a_moment_ago(draft):
    before = trials.try_values(version=draft, values={}, on=ON)
    lease = let(CompanyFactory(code="T-006"), area_m2=Decimal("10.00"))
    unseen = trials.try_values(version=draft, values={}, on=ON)
    assert unseen.points == before.points  # the factory tells nobody: the register is kept
    officer = staff_member(StaffRole.OFFICER)
    end_lease(lease=lease, last_day=dt.date(2027, 1, 31), notice_by="company", reason="leaves", by=officer)
    after = trials.try_values(version=draft, values={}, on=ON)
    assert after.points[1].eligible.before == before.points[1].eligible.before + 1


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"rent_waiver.share": "101"}, {"rent_waiver.share"}),
        ({"rent_waiver.months": "1.5", "talent.award_a": "-1"}, {"rent_waiver.months", "talent.award_a"}),
        ({"leading_project.score": "95"}, {"leading_project.score"}),
    ],
)
def test_a_trial_refuses_impossible_values_by_name(draft, values, named):
    with pytest.raises(Incomplete) as refused:
        trials.try_values(version=draft, values={name: Decimal(value) for name, value in values.items()}, on=ON)
    assert refused.value.fields.keys() == named


def test_nobody_but_a_policy_editor_has_a_draft_simulated(draft, officer):
    with pytest.raises(DomainError, match="Policy editors"):
        simulations.begin_simulation(version=draft, on=ON, by=officer)
    assert not Simulation.objects.exists()


# --- Billed months -----------------------------------------------------------------------------------------------

KINDS = (
    ("rent_waiver", RentStatement, RentAdjustment, "waived"),
    ("loan_interest", InterestStatement, InterestAdjustment, "supported"),
)


@pytest.fixture
def billed_zone(zone, tenant, treasurer):
    """The zone with two loans; April is issued, May and June are open."""
    LoanFactory(number="LN-1", company=tenant, principal=Decimal(1900000))
    LoanFactory(number="LN-2", company=tenant, principal=Decimal("300000.01"), drawn_on=dt.date(2026, 2, 3))
    for month in (APRIL, MAY, JUNE):
        bill(everybody(), month=month)
    statements.issue_statements(month=APRIL, on=ON, by=treasurer)
    return zone


def granted() -> dict[tuple[str, str, dt.date], Decimal]:
    """By company, point and month what all statements grant for it, corrections that are posted later included."""
    found: dict[tuple[str, str, dt.date], Decimal] = {}
    for point, statement, adjustment, amount in KINDS:
        own = statement.objects.values_list("company__code", "month", amount)
        later = adjustment.objects.values_list("statement__company__code", "month", amount)
        for company, month, sum_ in (*own, *later):
            found[company, point, month] = found.get((company, point, month), Decimal(0)) + sum_
    return found


def posted() -> dict[tuple[str, str, dt.date], Decimal]:
    """The corrections alone."""
    return {
        (company, point, month): sum_
        for point, _statement, adjustment, amount in KINDS
        for company, month, sum_ in adjustment.objects.values("statement__company__code", "month")
        .annotate(sum=Sum(amount))
        .values_list("statement__company__code", "month", "sum")
    }


def told_of_months(simulation: Simulation) -> dict[tuple[str, str, dt.date], SimulationCorrection]:
    found = simulation.corrections.select_related("company")
    return {(one.company.code, one.point, one.month): one for one in found}


def drafted(zone, editor, day: dt.date, values: dict[str, int]):
    made = drafts.draft_version(base=zone, name="2026.3", effective_from=day, by=editor)
    for name, value in values.items():
        change(made, name, value, editor)
    return confirmed(made, editor)


def test_a_draft_from_a_past_day_says_what_becomes_of_billed_months(billed_zone, editor, one_by_one):
    values = {"rent_waiver.area_m2": 150, "loan_interest.share": 40}
    draft = drafted(billed_zone, editor, dt.date(2026, 4, 16), values)
    simulation = simulate(draft, editor)
    told = told_of_months(simulation)
    assert {(company, point) for company, point, _month in told} == {
        ("T-001", "rent_waiver"), ("T-001", "loan_interest"),
    }  # fmt: skip
    april, may = (told["T-001", "rent_waiver", month] for month in (APRIL, MAY))
    assert (april.issued, april.before, april.after) == (9000, 9000, Decimal("6750.00"))
    assert (may.issued, may.before, may.after) == (None, 9300, Decimal("4650.00"))
    assert not any(month == JUNE for _company, _point, month in told)  # simulated itself
    rent = next(point for point in points_of(simulation) if point.code == "rent_waiver")
    year = rent.years[0]
    one_by_one()
    parts = told_of_months(simulate(draft, editor))
    assert {key: (one.issued, one.before, one.after) for key, one in parts.items()} == {
        key: (one.issued, one.before, one.after) for key, one in told.items()
    }
    assert (year.corrected, year.spent) == (Decimal("-6900.00"), Decimal("21350.00"))
    assert year.total == year.spent - 6900 + year.cost.after
    assert rent.cost.after == sum(one.cost.after for one in rent.years) - 6900


@pytest.mark.parametrize("day", [dt.date(2026, 6, 1), dt.date(2026, 7, 1)])
def test_a_draft_that_begins_after_the_billed_months_corrects_none(billed_zone, editor, day):
    draft = drafted(billed_zone, editor, day, {"rent_waiver.area_m2": 150})
    assert not simulate(draft, editor, on=max(day, ON)).corrections.exists()


def test_a_correction_that_waits_anyway_is_not_the_draft_s_doing(billed_zone, editor, tenant):
    tenant.leases.update(price_per_m2_day=Decimal("2.0000"))
    draft = drafted(billed_zone, editor, dt.date(2026, 4, 16), {"rent_waiver.area_m2": 150})
    april = told_of_months(simulate(draft, editor))["T-001", "rent_waiver", APRIL]
    assert (april.issued, april.before, april.after) == (9000, 18000, Decimal("13500.00"))


def test_of_a_chosen_past_day_the_simulated_months_are_not_counted_twice(billed_zone, editor):
    draft = drafted(billed_zone, editor, dt.date(2026, 4, 16), {"rent_waiver.area_m2": 150})
    simulation = simulate(draft, editor, on=dt.date(2026, 4, 20))
    assert {month for _company, _point, month in told_of_months(simulation)} == {APRIL}  # the issued one
    assert all(point.corrected == 0 for point in points_of(simulation))


DAYS = st.dates(dt.date(2025, 12, 1), dt.date(2026, 9, 30))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "rent_waiver.area_m2": st.integers(0, 420),
        "rent_waiver.share": st.integers(0, 100),
        "rent_waiver.months": st.integers(5, 14),
        "loan_interest.principal_cap": st.integers(1, 2_500_000),
        "loan_interest.share": st.integers(0, 100),
        "loan_interest.months": st.integers(5, 14),
        "activities.share": st.integers(0, 100),
        "activities.yearly_cap": st.integers(0, 50_000),
        "settlement.cap": st.integers(0, 50_000),
        "ai_vouchers.share": st.integers(0, 50),
    },
)


class _Undo(Exception):
    pass


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # one example takes a second: none is made smaller
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(day=dt.date(2026, 4, 16), values={"rent_waiver.area_m2": 150, "loan_interest.share": 40})
@example(day=dt.date(2026, 3, 31), values={"rent_waiver.months": 7, "loan_interest.months": 8})
@given(day=DAYS, values=VALUES)
def test_whatever_is_drafted_publishing_does_what_the_simulation_said(billed_zone, editor, monkeypatch, day, values):
    """Every decision of the day, every billed month and every month billed later, to the fen."""
    monkeypatch.setattr(gate, "MOST_MONTHS", 2)  # what the gate demands has tests of its own
    try:
        with transaction.atomic():
            publishes_as_simulated(billed_zone, editor, day, values)
            raise _Undo
    except _Undo:
        pass


def publishes_as_simulated(zone, editor, begins: dt.date, values: dict[str, int]) -> None:
    draft, on = drafted(zone, editor, begins, values), max(begins, ON)
    simulation = simulate(draft, editor, on=on, months=2)
    coming = [cell.month for cell in simulation.cells.order_by("month").distinct("month")]
    assess(everybody(), on=on)
    for month in coming:
        bill(everybody(), month=month)
    before = decisions(), granted(), posted()
    publish(draft, editor)
    assess(everybody(), on=on)
    bill(everybody())
    after = decisions(), granted(), posted()
    assert told_of(simulation) == changed(before[0], after[0])
    told = told_of_months(simulation)
    simulated = {key: found for key, found in changed(before[1], after[1]).items() if key[2] < on.replace(day=1)}
    assert {key: (one.before, one.after) for key, one in told.items()} == simulated
    corrections = {key: one.after - one.issued for key, one in told.items() if one.issued is not None}
    assert corrections == {key: sums[1] for key, sums in changed(before[2], after[2]).items()}
    for month in coming:
        for point, *_rest in KINDS:
            cells = simulation.cells.filter(month=month, point=point)
            sums = cells.aggregate(before=Sum("cost_before"), after=Sum("cost_after"))
            billed = [
                sum(sum_ for (_company, of, when), sum_ in found.items() if (of, when) == (point, month))
                for found in (before[1], after[1])
            ]
            assert [sums["before"] or 0, sums["after"] or 0] == billed
