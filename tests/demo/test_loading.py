"""The demo zone as it is loaded: through the importer and the services, all in one transaction."""

import datetime as dt
import os
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import global_settings
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from accounts.models import RoleGrant, StaffRole, User
from community.cohorts import memberships
from community.models import ChecklistTick, Contact, Delivery, SupportPackage
from companies.choices import ApplicationState, Stage
from companies.models import (
    Application,
    Company,
    Evidence,
    Membership,
    Question,
    Relation,
    Report,
    ReportDuty,
)
from companies.reporting.calendar import ended
from core.errors import Conflict
from core.models import Run, RunState
from core.periods import DAY, previous_month
from spaces.choices import RoomField
from spaces.deposits import with_deposits
from spaces.models import (
    Booking,
    Campus,
    DayPass,
    DepositMovement,
    Ending,
    Lease,
    LeaseOffer,
    Room,
    Succession,
    Unit,
)
from subsidies.arrears import overdue, owed_statements
from subsidies.choices import BILLED_POINTS, GrantState, Outcome, Point, StatementState
from subsidies.models import (
    Budget,
    Decision,
    Grant,
    PolicyVersion,
    Recovery,
    RentAdjustment,
    RentPayment,
    RentStatement,
)
from subsidies.rules.windows import add_months
from tests.factories import CompanyFactory
from tests.zone_database import looking_into, said, zone_database
from zone_portal.dashboard.leaving.known import known
from zone_portal.dashboard.leaving.signals import judged
from zone_portal.dashboard.measures.measures import measure
from zone_portal.dashboard.measures.sheet import make_sheet
from zone_portal.dashboard.models import LeavingTask, Snapshot
from zone_portal.dashboard.overview.overview import overview
from zone_portal.demo import accounts, applications, loading
from zone_portal.demo.zone import make_zone

TODAY = timezone.localdate()  # as `make demo` loads it: the dashboard goes by when things were really decided
NEWEST = previous_month(TODAY)  # of the months that are billed
FOLLOWING = 5  # leases that follow others: one each for a renewal, a change and a move, two for a split
IN_EARNEST = {"DEMO": True, "PASSWORD_HASHERS": global_settings.PASSWORD_HASHERS}  # as people sign in to it


@pytest.fixture(scope="session")
def zone_name(django_db_setup, django_db_blocker):
    """Of the database that holds it."""
    name = f"test_demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock(), zone_database(name):
        yield name


@pytest.fixture
def zone(zone_name, django_db_blocker):
    """The zone that was planned, and what was said while it was loaded; Django looks at what came of it."""
    with django_db_blocker.unblock(), override_settings(**IN_EARNEST), looking_into(zone_name):
        yield make_zone(TODAY), said()


def decision_of(zone, story, number=0):
    company = zone.of_story(story)[number]
    return Decision.objects.in_force().get(company__code=company.code, point=Point.RENT_WAIVER)


def test_it_holds_what_its_files_hold(zone):
    made, told = zone
    assert Company.objects.filter(code__startswith="C-").count() == 240
    assert (Unit.objects.count(), Lease.objects.count(), Relation.objects.count()) == (
        len(made.units), len(made.leases) + FOLLOWING, len(made.relations),
    )  # fmt: skip
    assert sorted(Campus.objects.values_list("step", flat=True)) == ["0-1", "1-10", "10-inf"]
    assert len(told) == 22


def test_its_companies_report_on_schedule_late_with_reasons_and_with_evidence(zone):
    newest = ReportDuty.objects.with_state(TODAY).filter(period_end=ended(TODAY, 1)[0])
    states = set(newest.values_list("state", flat=True))
    assert {"sent", "verified"} < states <= {"sent", "verified", "due", "late"}
    jumped = Report.objects.exclude(jump_reason="")
    assert 0 < jumped.count() < Report.objects.filter(answers__isnull=False).distinct().count()
    assert Evidence.objects.filter(report__verified_at__isnull=False).exists()
    assert set(Question.objects.values_list("code", flat=True)) == {
        "jobs_created", "products", "works", "patents", "funding",
    }  # fmt: skip
    founder = zone[0].of_story("several_units")[0]
    assert newest.get(company__code=founder.code).state in ("due", "late")


def test_its_leases_live_in_every_way_but_a_merger(zone):
    assert sorted(Succession.objects.values_list("act", flat=True)) == ["changed", "moved", "renewed", "split", "split"]
    assert Ending.objects.count() == 1
    assert sorted(LeaseOffer.objects.values_list("state", flat=True)) == ["open", "open", "withdrawn"]


def test_its_deposits_are_in_every_state(zone):
    kinds = set(DepositMovement.objects.values_list("kind", flat=True))
    assert kinds == {"agreed", "received", "returned", "withheld", "handed_over"}
    found = list(with_deposits(Lease.objects.all()))
    assert any(lease.agreed and not lease.held for lease in found)
    assert any(lease.agreed and 0 < lease.held < lease.agreed for lease in found)
    over = [lease for lease in found if lease.last_day and lease.last_day < TODAY]
    assert {bool(lease.held) for lease in over} == {True, False}


def test_its_companies_are_supported_and_grouped(zone):
    found = SupportPackage.objects.in_force(TODAY).values_list("audience", "stage", "campus")
    on = {(audience, stage, campus is None) for audience, stage, campus in found}
    assert {stage for audience, stage, everywhere in on if audience == "companies" and everywhere} == set(Stage.values)
    assert {("teams", "nestling", True), ("companies", "chick", False)} <= on
    assert Delivery.objects.count() > 60
    assert Contact.objects.on(TODAY).count() > 100
    assert ChecklistTick.objects.count() > 100
    assert set(memberships()["cohort"]) == {"first-founders", "second-year", "mentored"}


def test_its_desks_are_given_out_for_days_around_today(zone):
    days = set(DayPass.objects.values_list("day", flat=True))
    assert {TODAY - DAY, TODAY, TODAY + DAY} <= days
    assert {bool(company) for company in DayPass.objects.values_list("company", flat=True)} == {True, False}


def test_its_history_names_who_did_it(zone):
    lease = Succession.objects.filter(after__voided_at=None).first().after
    (entered,) = lease.events.filter(pgh_label="insert").select_related("pgh_context")
    assert entered.pgh_context.metadata["user"] == User.objects.get(email="officer@zone.example").pk
    assert "actor" not in entered.pgh_context.metadata


def test_some_of_its_rent_is_overdue_and_was_asked_for(zone):
    owed = owed_statements(RentStatement.objects.all())
    late = overdue(owed, TODAY)
    assert 0 < late.count() <= owed.count()
    assert set(late.values_list("last_level", flat=True)) == {0, 1}
    assert RentPayment.objects.filter(paid_on__lt=TODAY - 30 * DAY).exists()


def test_its_rooms_of_the_four_fields_are_booked_around_today(zone):
    made, _said = zone
    assert set(Room.objects.values_list("field", flat=True)) == set(RoomField.values)
    assert Room.objects.values("campus").distinct().count() == 3
    begun = Booking.objects.filter(period__startswith__date__lte=made.today)
    assert begun.count() > 50
    assert Booking.objects.count() - begun.count() > 50
    assert set(Booking.objects.values_list("state", flat=True)) == {"booked", "checked_in", "released"}


def test_its_grants_are_in_every_state_and_one_is_to_be_paid_back_in_part(zone):
    assert set(Grant.objects.values_list("state", flat=True)) == set(GrantState.values)
    assert Grant.objects.count() > 30
    assert Recovery.objects.filter(state="open").count() == 1
    committed = Grant.objects.aggregate(total=Sum("committed"))["total"]
    granted = Budget.objects.exclude(point__in=BILLED_POINTS)
    assert granted.aggregate(total=Sum("committed"))["total"] == committed > 0


def test_its_issued_months_are_within_the_budgets_of_their_years(zone):
    relief = RentStatement.objects.filter(state=StatementState.ISSUED).aggregate(total=Sum("waived"))["total"]
    budgets = Budget.objects.filter(point=Point.RENT_WAIVER)
    assert budgets.aggregate(total=Sum("committed"))["total"] == relief > 0
    assert budgets.count() == 2


def test_its_policy_says_that_it_is_the_demos(zone):
    version = PolicyVersion.objects.get()
    assert (version.version, version.effective_from) == ("2025-09-25-demo", dt.date(2023, 7, 1))
    assert loading.is_loaded()


@pytest.mark.parametrize(
    ("story", "outcome", "missing"),
    [
        ("relief_ends_within_a_month", Outcome.ELIGIBLE, ""),
        ("relief_is_over", Outcome.NOT_ELIGIBLE, ""),
        ("deregisters", Outcome.NOT_ELIGIBLE, ""),
        ("leaves", Outcome.NOT_ELIGIBLE, ""),
        ("registration_unknown", Outcome.UNKNOWN, "registered_on"),
        ("operation_unknown", Outcome.UNKNOWN, "operating_from"),
    ],
)
def test_each_story_is_decided_as_it_was_meant(zone, story, outcome, missing):
    decision = decision_of(zone[0], story)
    assert decision.outcome == outcome
    assert missing in decision.missing


def test_fourteen_months_are_billed_and_all_but_the_newest_issued(zone):
    months = RentStatement.objects.order_by("month").values_list("month", "state").distinct()
    states = dict(months)
    assert (min(states), max(states), len(months)) == (add_months(NEWEST, -13), NEWEST, 14)
    assert states[NEWEST] == StatementState.OPEN
    assert {state for month, state in months if month < NEWEST} == {StatementState.ISSUED}
    assert RentStatement.objects.aggregate(sum=Sum("waived"))["sum"] > Decimal(10000000)


def test_a_correction_came_back_as_an_adjustment(zone):
    posted = RentAdjustment.objects.select_related("statement__company")
    assert posted.exists()
    assert {row.statement.month for row in posted} == {NEWEST}
    assert {row.statement.company.code for row in posted} == {zone[0].of_story("registers_late")[-1].code}
    assert all(row.waived > 0 and row.month < row.statement.month for row in posted)


def test_all_runs_came_to_their_end(zone):
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}
    assert Run.objects.filter(kind="bill").count() == 14


def test_applications_lie_in_every_state_with_a_past(zone):
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState.values)
    assert Application.objects.count() == len(applications.cases())
    sent = Application.objects.filter(state=ApplicationState.SUBMITTED).earliest("submitted_at")
    assert sent.submitted_at.date() == TODAY - 9 * DAY
    for application in Application.objects.all():
        moments = list(application.timeline.values_list("at", flat=True))
        assert moments == sorted(moments)


def test_the_people_can_do_what_they_are_there_for(zone):
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(StaffRole.values)
    for person in accounts.PEOPLE:
        user = User.objects.get(email=person.email)
        assert user.check_password(accounts.PASSWORD)
        assert user.emailaddress_set.filter(verified=True, primary=True).exists()
    for person in accounts.FOUNDERS:
        membership = Membership.objects.get(user__email=person.email)
        assert (membership.company.code, membership.role) == (zone[0].of_story(person.story)[0].code, person.role)


def in_zone(zone, day):
    """The codes of the companies with a lease on the day, by the demo's own books."""
    return {
        lease.company
        for lease in zone.leases
        if lease.first_day <= day and (lease.last_day is None or day <= lease.last_day)
    }


def test_the_dashboard_has_something_to_show_in_every_part(zone):
    found = overview(TODAY)
    now, before = in_zone(zone[0], TODAY), in_zone(zone[0], TODAY.replace(day=1) - DAY)
    assert found.presence.in_zone == len(now) > 180
    assert found.presence.moved_in == len(now - before)
    assert found.presence.moved_out == len(before - now)
    assert found.presence.left >= 10
    assert all(row.count for row in found.stages)
    assert len(found.relief.months) == 14
    assert min(month.relief for month in found.relief.months) > 0
    assert found.reliefs_ending_total >= 21
    assert found.leases_ending_total >= 8
    assert (found.waiting.count, found.oldest_waiting_days) == (5, 9)
    assert found.unknown.facts[0].fact == "registered_on"
    assert found.runs
    assert found.changes


def test_what_it_measures_has_something_to_show_in_every_part(zone):
    found = measure(TODAY)
    assert found.output.told > 50
    assert found.jobs.told > 50
    assert found.growth.told > 30
    assert found.crossing.unassigned == 0
    assert min(found.crossing.culture, found.crossing.technology) > 30
    assert found.anchors.companies >= 5
    assert [row.stage for row in found.times if row.moved_up] == [Stage.NESTLING]
    assert {aim.target.figure for aim in found.aims} == {"jobs", "output", "stayed"}
    assert found.effects[0].companies >= 10
    assert {snapshot.is_public for snapshot in Snapshot.objects.all()} == {True, False}
    sheet = make_sheet(found)
    assert sheet["stages"]
    assert sheet["industries"]
    assert sheet["figures"]["jobs"]["value"]


def test_some_of_its_companies_may_leave_and_officers_look_into_it(zone):
    assert {task.state for task in LeavingTask.objects.all()} == {"open", "taken", "done"}
    shown = {key.partition(":")[0] for task in LeavingTask.objects.all() for key in task.signals}
    assert shown >= {"lease", "relief", "report"}
    assert judged(known(TODAY), TODAY)["bookings"].sum() >= 5


def test_a_second_load_changes_nothing(zone):
    before = Company.objects.values_list("pk", "updated_at").latest("updated_at")
    told = StringIO()
    call_command("load_demo", stdout=told)
    assert "there already" in told.getvalue()
    assert Company.objects.values_list("pk", "updated_at").latest("updated_at") == before


def test_the_accounts_are_listed_again(zone):
    told = StringIO()
    call_command("load_demo", accounts=True, stdout=told)
    assert all(person.email in told.getvalue() for person in accounts.PEOPLE)
    assert accounts.PASSWORD in told.getvalue()


# --- Where it is not loaded ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_portal_with_companies_of_its_own_is_left_alone(settings, tmp_path):
    settings.DEMO = True
    CompanyFactory()
    with pytest.raises(Conflict, match="companies of its own"):
        loading.load(today=TODAY, folder=tmp_path, say=lambda _done: None)
    assert Company.objects.count() == 1
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_portal_that_is_no_demo_gets_no_public_passwords(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="PORTAL_DEMO=1"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_the_files_can_be_had_without_a_portal(tmp_path):
    told = StringIO()
    call_command("load_demo", files=tmp_path / "zone", today=TODAY, stdout=told)
    names = [
        "companies.csv", "relations.csv", "units.csv", "leases.csv", "suppliers.csv", "projects.csv", "loans.csv",
        "repayments.csv", "talents.csv", "reports.csv", "expenses.csv", "rounds.csv", "policy.yaml",
    ]  # fmt: skip
    assert [line.rsplit("/", 1)[1] for line in told.getvalue().split()] == names
    assert all((tmp_path / "zone" / name).stat().st_size for name in names)


def test_no_zone_is_made_for_a_day_before_its_stories():
    with pytest.raises(CommandError, match="2025-01-01"):
        call_command("load_demo", today=dt.date(2024, 12, 31))
