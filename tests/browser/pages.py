"""Every page of the portal: its route, who looks at it, and what it is opened with.

`test_pages.py` looks at each, and fails when the portal has a route that is neither here nor excepted with a reason.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import get_default_timezone

from accounts.models import ApiKey, StaffRole
from accounts.services import create_key
from community.models import Cohort, Delivery, SupportPackage, Talent
from companies.choices import ApplicationState, MemberRole
from companies.models import (
    Company,
    ExitInterview,
    Invitation,
    Merge,
    OfficialCheck,
    Question,
    Report,
    ReportDuty,
    ReportingRule,
)
from companies.services.invitations import invite
from companies.services.likeness import refresh_companies
from companies.wizard import STEPS
from core import runs
from core.models import FileImport, Run, RunState
from core.periods import DAY, next_month, period, today
from core.uploads import check_upload
from funding.models import Loan, Project, Repayment, Round
from spaces.leaving import is_leaving
from spaces.models import Booking, DayPass, DepositMovement, DeskMembership, Lease, LeaseOffer, Series
from subsidies.certificates.codes import code_of
from subsidies.choices import GRANTED_POINTS, Point
from subsidies.models import (
    Decision,
    Expense,
    Grant,
    InterestStatement,
    PolicyVersion,
    RentPayment,
    RentStatement,
    StageProposal,
)
from subsidies.services import drafts, simulations
from tests import factories
from tests.browser.portal import Portal
from zone_portal.dashboard.models import LeavingTask, Snapshot, Target
from zone_portal.dashboard.services.leaving import look
from zone_portal.dashboard.services.snapshots import keep_snapshot, publish_snapshot
from zone_portal.dashboard.services.targets import set_target

STRANGER = ""


def _nothing(_portal: Portal) -> list[object]:
    return []


@dataclass(frozen=True)
class Page:
    """`who` names a person of the portal; `args` makes the route's arguments from what the portal holds."""

    route: str
    who: str = STRANGER
    args: Callable[[Portal], list[object]] = _nothing
    query: str | Callable[[Portal], str] = ""
    state: str = ""  # tells two entries of one route apart
    status: int = 200
    second_factor: bool = True
    titles: int = 1  # level-one headings

    def __str__(self) -> str:
        return "-".join(filter(None, [self.route, self.who, self.state]))

    def path(self, portal: Portal) -> str:
        query = self.query if isinstance(self.query, str) else self.query(portal)
        return reverse(self.route, args=self.args(portal)) + query


def company(portal: Portal) -> list[object]:
    return [portal.company.code]


def double(portal: Portal) -> Company:
    """A company that may be the founder's under another code."""
    found = Company.objects.filter(code="DOUBLE-1").first()
    return found or factories.CompanyFactory(code="DOUBLE-1", name=f"{portal.company.name} Ltd")


def alike(portal: Portal) -> list[object]:
    refresh_companies([double(portal).pk])
    return []


def proposed_merge(portal: Portal) -> Merge:
    """That waits for a second person."""
    found = Merge.objects.waiting().first()
    by = factories.UserFactory(roles=[StaffRole.OFFICER])
    return found or Merge.objects.create(
        merged=double(portal), survivor=portal.company, reason="One licence.", touches_money=True, proposed_by=by
    )


def merge(portal: Portal) -> list[object]:
    return [proposed_merge(portal).public_id]


def merge_listed(portal: Portal) -> list[object]:
    proposed_merge(portal)
    return []


def room(portal: Portal) -> list[object]:
    return [booked(portal).room.code]


def booking(portal: Portal) -> list[object]:
    return [booked(portal).code]


def booked(portal: Portal) -> Booking:
    """One of the founder's company, made where the zone has none."""
    found = Booking.objects.filter(company=portal.company).order_by("-period").first()
    return found or factories.BookingFactory(
        company=portal.company, booked_by=portal.people["founder"], day=today() + DAY
    )


def series(portal: Portal) -> list[object]:
    """That of a booking of the founder's company, made where there is none."""
    found = Series.objects.filter(bookings__company=portal.company).first()
    if found is None:
        found = Series.objects.create(frequency="weekly", times=4, left_out=[today()])
        Booking.objects.filter(pk=booked(portal).pk).update(series=found)
    return [found.code]


def next_day(portal: Portal) -> str:
    """The day of the booking, so that there is one to see."""
    return f"?day={booked(portal).period.lower.astimezone(get_default_timezone()):%Y-%m-%d}"


def free_hour(portal: Portal) -> str:
    return f"{next_day(portal)}&room={booked(portal).room.code}&at=03:00"


def lease(portal: Portal) -> list[object]:
    return [portal.lease.number]


def campus(portal: Portal) -> list[object]:
    return [portal.lease.unit.building.campus.pk]


def building(portal: Portal) -> list[object]:
    return [portal.lease.unit.building.pk]


def offer(portal: Portal) -> list[object]:
    """One that the zone made to the founder's company, and that is open."""
    known = LeaseOffer.objects.reserving().filter(company=portal.company).first()
    first = next_month(today())
    made = known or factories.LeaseOfferFactory(
        company=portal.company, term=period(first, None), valid_until=first, made_by=portal.people["officer"]
    )
    return [made.number]


def offer_listed(portal: Portal) -> list[object]:
    """No argument, but an offer in the list."""
    offer(portal)
    return []


def lease_with_deposit(portal: Portal) -> list[object]:
    """With a line of its ledger that moved money."""
    movement(portal)
    return [portal.lease.number]


def movement(portal: Portal) -> list[object]:
    known = DepositMovement.objects.filter(lease=portal.lease, kind="received").first()
    made = known or factories.DepositMovementFactory(lease=portal.lease, by=portal.people["treasurer"])
    return [made.pk]


def deposit_listed(portal: Portal) -> list[object]:
    movement(portal)
    return []


def deposit_act(act: str) -> Callable[[Portal], list[object]]:
    return lambda portal: [act, *lease_with_deposit(portal)]


END = f"?last_day={today()}&notice_by=company&reason=it+leaves"


def letting(portal: Portal) -> str:
    """The form of a letting, filled in."""
    said = {"company": portal.company.code, "unit": portal.lease.unit.code, "area_m2": "10", "price_per_m2_day": "3"}
    return f"?{urlencode({**said, 'first_day': str(next_month(today()))})}"


def act_on_lease(act: str) -> Callable[[Portal], list[object]]:
    return lambda portal: [act, portal.lease.number]


def unsent(portal: Portal) -> list[object]:
    return [portal.unsent.public_id]


def step_of_unsent(step: str) -> Callable[[Portal], list[object]]:
    return lambda portal: [portal.unsent.public_id, step]


def sent(state: ApplicationState) -> Callable[[Portal], list[object]]:
    return lambda portal: [portal.sent(state).public_id]


def invitation_of_newcomer(portal: Portal) -> list[object]:
    owner, guest = portal.people["founder"], portal.people["newcomer"]
    invited = Invitation.objects.filter(email=guest.email).first() or invite(
        thing=portal.company, email=guest.email, role=MemberRole.VIEWER, by=owner
    )
    return [invited.public_id]


def address_to_confirm(portal: Portal) -> list[object]:
    address, _made = EmailAddress.objects.get_or_create(
        user=portal.people["newcomer"], email="browser-second@zone.example", defaults={"verified": False}
    )
    return [EmailConfirmationHMAC(address).key]


def statement(portal: Portal) -> list[object]:
    """The newest of the founder's company: it is open still."""
    found = RentStatement.objects.filter(company=portal.company).order_by("-month")
    return [found[0].public_id]


def interest(_portal: Portal) -> list[object]:
    """The newest of the zone's interest statements that has a line."""
    return [InterestStatement.objects.exclude(lines=None).order_by("-month", "pk")[0].public_id]


def corrected(_portal: Portal) -> list[object]:
    """One that holds corrections of earlier months."""
    return [RentStatement.objects.exclude(adjustments=None).order_by("pk")[0].public_id]


def owed(_portal: Portal) -> list[object]:
    """One that is issued and of which a part is paid."""
    return [RentStatement.objects.owed().filter(paid_amount__gt=0).order_by("pk")[0].public_id]


def paid(state: str) -> Callable[[Portal], list[object]]:
    """A payment of rent in this state."""
    return lambda _portal: [RentPayment.objects.in_state(state).order_by("pk")[0].public_id]


def kept_snapshot(portal: Portal) -> Snapshot:
    """Figures that are published, kept where there are none."""
    found = Snapshot.objects.filter(published_at__isnull=False, withdrawn_at=None).first()
    if found is None:
        found = keep_snapshot(day=today(), by=portal.people["officer"], on=today())
        publish_snapshot(snapshot=found, by=portal.people["approver"])
    return found


def published_figures(portal: Portal) -> list[object]:
    return [kept_snapshot(portal).public_id]


def kept_listed(portal: Portal) -> list[object]:
    kept_snapshot(portal)
    return []


def leaving_task(_portal: Portal) -> LeavingTask:
    """The first of the zone, of a company that shows something."""
    look(on=today())
    return LeavingTask.objects.order_by("-points", "pk")[0]


def leaving_listed(portal: Portal) -> list[object]:
    leaving_task(portal)
    return []


def leaving_company(portal: Portal) -> list[object]:
    return [leaving_task(portal).company.code]


def leaving_in_hand(portal: Portal) -> list[object]:
    """With the form in which the officer says what was found."""
    task = leaving_task(portal)
    if task.taken_by != portal.people["officer"]:
        LeavingTask.objects.filter(pk=task.pk).update(state="taken", taken_by=portal.people["officer"])
    return [task.company.code]


def target_listed(portal: Portal) -> list[object]:
    """Where there is none, the target of the plan."""
    words = {"figure": "output", "year": 2025, "adopted_on": today(), "value": Decimal(340_000_000_000)}
    if not Target.objects.exists():
        set_target(**words, source="The plan, page 7", by=portal.people["officer"], on=today())
    return []


def grant(state: str) -> Callable[[Portal], list[object]]:
    """One in this state, wherever; a recovered or recoverable one is `recovering`."""
    return lambda _portal: [Grant.objects.filter(state=state, recoveries=None).order_by("pk")[0].public_id]


def recovering(_portal: Portal) -> list[object]:
    """One of which a part is to be paid back."""
    return [Grant.objects.exclude(recoveries=None).order_by("pk")[0].public_id]


def granted_company(_portal: Portal) -> list[object]:
    return [Grant.objects.order_by("pk")[0].company.code]


def proposable(_portal: Portal) -> list[object]:
    """A decision that nobody has proposed yet."""
    waiting = Grant.objects.filter(state="proposed").values("company")
    found = Decision.objects.in_force().filter(point__in=GRANTED_POINTS, amount__gt=0).exclude(company__in=waiting)
    return [found.order_by("pk")[0].public_id]


def left_of_last_year() -> str:
    """The code of a company that has costs of activities."""
    return Expense.objects.valid().filter(point="activities").order_by("pk")[0].company.code


def some_keys(portal: Portal) -> list[object]:
    """No argument, but a key to look at."""
    treasurer = portal.people["treasurer"]
    if not ApiKey.objects.exists():
        create_key(
            name="finance", scopes=["leases:read"], days=9, now=timezone.now(), created_by=treasurer, by=treasurer
        )
    return []


def law(_portal: Portal) -> list[object]:
    """The version of the policy in force."""
    return [PolicyVersion.objects.published().order_by("-effective_from")[0].version]


def draft(portal: Portal) -> list[object]:
    """One that waits for a second person, with another area and other words than the policy in force."""
    editor, base = portal.people["policy_editor"], PolicyVersion.objects.get(version=law(portal)[0])
    known = PolicyVersion.objects.filter(version="browser-draft").first()
    if known is None:
        known = drafts.draft_version(base=base, name="browser-draft", effective_from=next_month(today()), by=editor)
        drafts.change_parameter(
            version=known, name="rent_waiver.area_m2", value=Decimal(250), provenance="published", source="The board",
            revision=0, by=editor,
        )  # fmt: skip
        words = known.texts["points"]["rent_waiver"]
        clause = {language: text.replace("300", "250") for language, text in words["clause"].items()}
        drafts.change_text(version=known, code="rent_waiver", name=words["name"], clause=clause, revision=0, by=editor)
        simulations.begin_simulation(version=known, on=today(), by=editor)
    return [known.version]


def simulated(portal: Portal) -> list[object]:
    """The draft's simulation, worked on to its end."""
    version = PolicyVersion.objects.get(version=draft(portal)[0])
    done = version.simulations.filter(state=RunState.DONE).first()
    if done is None:
        editor = portal.people["policy_editor"]
        done = simulations.begin_simulation(version=version, on=version.effective_from, by=editor)
        runs.execute(done.run)
    return [done.public_id]


def two_simulations(portal: Portal) -> str:
    """The same twice: nothing may come out otherwise."""
    (public_id,) = simulated(portal)
    return f"?one={public_id}&other={public_id}"


def waiting_simulation(portal: Portal) -> list[object]:
    """One that no worker has begun."""
    version = PolicyVersion.objects.get(version=draft(portal)[0])
    waiting = version.simulations.filter(state=RunState.QUEUED).first() or simulations.begin_simulation(
        version=version, on=today(), by=portal.people["policy_editor"]
    )
    return [waiting.public_id]


def section(code: str) -> Callable[[Portal], list[object]]:
    return lambda portal: [*draft(portal), code]


def run(_portal: Portal) -> list[object]:
    return [Run.objects.filter(state=RunState.DONE).order_by("pk")[0].public_id]


def decided(point: str = Point.RENT_WAIVER) -> Callable[[Portal], list[object]]:
    """The decision in force on a point for the founder's company."""

    def args(portal: Portal) -> list[object]:
        return [Decision.objects.in_force().get(company=portal.company, point=point).public_id]

    return args


def superseded(_portal: Portal) -> list[object]:
    return [Decision.objects.exclude(superseded_at=None).order_by("pk")[0].public_id]


def code(portal: Portal) -> list[object]:
    found = Decision.objects.in_force().get(company=portal.company, point=Point.RENT_WAIVER)
    return [code_of(found.public_id, bytes(found.seal))]


def of_company(model: type[Any], make: Callable[..., Any], key: str) -> Callable[[Portal], list[object]]:
    """A valid record of the founder's company, made where the demo zone has none."""

    def found(portal: Portal) -> list[object]:
        record = model.objects.valid().filter(company=portal.company).order_by("pk").first()
        return [getattr(record or make(company=portal.company), key)]

    return found


loan = of_company(Loan, factories.LoanFactory, "number")
project = of_company(Project, factories.ProjectFactory, "code")
talent = of_company(Talent, factories.TalentFactory, "code")
report = of_company(Report, factories.ReportFactory, "pk")


def question(_portal: Portal) -> list[object]:
    """A question of the zone."""
    return [(Question.objects.first() or factories.WordingFactory().question).code]


def jumping_report(portal: Portal) -> list[object]:
    """A report that jumps and says why, with an answer and a file."""
    found = Report.objects.valid().filter(evidence__isnull=False).exclude(jump_reason="").first()
    if found is None:
        factories.ReportFactory(company=portal.company, period_end=dt.date(2024, 12, 31), revenue=1000)
        found = factories.ReportFactory(company=portal.company, jump_reason="A large order.")
        factories.EvidenceFactory(report=found)
    return [found.pk]


def rule(_portal: Portal) -> list[object]:
    """A rule of reporting, made where the demo zone has none."""
    found = ReportingRule.objects.filter(voided_at=None).first()
    return [(found or factories.ReportingRuleFactory()).pk]


def duty(portal: Portal) -> list[object]:
    """A report that the founder's company owes."""
    found = ReportDuty.objects.filter(company=portal.company).first()
    found = found or factories.ReportDutyFactory(company=portal.company)
    return [portal.company.code, found.period_end.isoformat()]


def stage_proposal(portal: Portal) -> list[object]:
    """A proposed stage of the founder's company."""
    found = StageProposal.objects.filter(company=portal.company).first()
    version = PolicyVersion.objects.published().order_by("pk")[0]
    return [(found or factories.StageProposalFactory(company=portal.company, version=version)).public_id]


delivery = of_company(Delivery, factories.DeliveryFactory, "pk")


def support_package(_portal: Portal) -> list[object]:
    """The newest version that is in force."""
    found = SupportPackage.objects.in_force(today()).order_by("-pk").first()
    return [(found or factories.SupportPackageFactory()).pk]


def another_version(portal: Portal) -> str:
    return f"?from={support_package(portal)[0]}"


def supported(portal: Portal) -> list[object]:
    """The founder's company, with something that it received."""
    delivery(portal)
    return [portal.company.code]


def cohort(_portal: Portal) -> list[object]:
    """One with a company, made where the zone has none."""
    return [(Cohort.objects.valid().order_by("pk").first() or factories.CohortMemberFactory().cohort).pk]


funding_round = of_company(Round, factories.RoundFactory, "pk")
expense = of_company(Expense, factories.ExpenseFactory, "number")


desk = of_company(DeskMembership, factories.DeskMembershipFactory, "number")
day_pass = of_company(DayPass, factories.DayPassFactory, "code")


def gone(_portal: Portal) -> list[object]:
    """A company that left the zone."""
    ended = Lease.objects.valid().filter(term__endswith__lt=today()).order_by("term__endswith", "pk")
    return [next(lease.company.code for lease in ended if is_leaving(lease.company, today()))]


def exit_interview(portal: Portal) -> list[object]:
    """One of a company that left, made where there is none."""
    known = ExitInterview.objects.valid().order_by("pk").first()
    made = known or factories.ExitInterviewFactory(
        company=Company.objects.get(code=gone(portal)[0]), asked_by=portal.people["officer"]
    )
    return [made.pk]


def official_check(portal: Portal) -> list[object]:
    """A check that found a difference, made where there is none."""
    known = OfficialCheck.objects.valid().order_by("pk").first()
    made = known or factories.OfficialCheckFactory(
        company=portal.company, checked_by=portal.people["officer"], outcome="differs", note="The Chinese name differs."
    )
    return [made.pk]


def official_check_listed(portal: Portal) -> list[object]:
    official_check(portal)
    return []


def day_pass_listed(portal: Portal) -> list[object]:
    day_pass(portal)
    return []


def repaid_loan(portal: Portal) -> list[object]:
    return [Loan.objects.get(repayments=repayment(portal)[0]).number]


def repayment(portal: Portal) -> list[object]:
    company = portal.company
    paid = Repayment.objects.valid().filter(loan__company=company, loan__voided_at=None).order_by("pk").first()
    return [(paid or factories.RepaymentFactory(loan__company=company)).pk]


def supplier(portal: Portal) -> list[object]:
    return [Expense.objects.get(number=expense(portal)[0]).supplier.code]


def file_with_problems(portal: Portal) -> list[object]:
    """New, refused and changed rows, and cells in other spellings."""
    header = "Loan,company,bank,principal,annual_rate_percent,drawn_on,city\n"
    rows = f"BR-1,{portal.company.code},Bank,100万,3.45,2026年1月5日,\nBR-2,nobody,Bank,1.001,345,2026-01-35,\n"
    held = Loan.objects.filter(voided_at=None, repayments=None).first()
    rows += f"{held.number},{held.company.code},Another Bank,{held.principal},3.4500,{held.drawn_on},\n"
    found = check_upload(
        kind="loans",
        name="贷款.csv",
        content=(header + rows).encode(),
        on=today(),
        by=portal.people["officer"],
        tidy=True,
    )
    return [found.public_id]


def file_import(portal: Portal) -> list[object]:
    """The register, as the demo zone began."""
    return [FileImport.objects.filter(kind="companies").last().public_id]


ENTRANCE = (
    Page("landing"),
    Page("landing", "founder"),
    Page("account_login"),
    Page("account_signup"),
    Page("account_logout", "founder"),
    Page("account_inactive"),
    Page("account_reset_password"),
    Page("account_reset_password_done"),
    Page("account_reset_password_from_key", args=lambda _portal: ["1", "no-such-key"], state="spent"),
    Page("account_reset_password_from_key_done"),
    Page("account_email_verification_sent"),
    Page("account_confirm_email", args=address_to_confirm),
    Page("account_confirm_email", args=lambda _portal: ["no-such-key"], state="spent"),
    Page("account_reauthenticate", "founder"),
    Page("account_reauthenticate", "officer", state="with another way"),
    Page("mfa_reauthenticate", "officer", second_factor=False),
    Page("mfa_activate_totp", "recruit"),
    Page("accounts:demo_mail"),
)

OWN_ACCOUNT = (
    Page("accounts:notices", "newcomer", state="empty"),
    Page("accounts:notices", "officer"),
    Page("accounts:profile", "founder"),
    Page("accounts:profile", "officer"),
    Page("account_email", "founder"),
    Page("account_change_password", "founder"),
    Page("mfa_index", "officer"),
    Page("mfa_view_recovery_codes", "officer"),
    Page("mfa_generate_recovery_codes", "officer"),
    Page("mfa_deactivate_totp", "officer"),
)

FOUNDERS = (
    Page("applications:start", "newcomer"),
    Page("applications:start", "applicant"),
    *(Page("applications:step", "applicant", step_of_unsent(step.name), state=step.name) for step in STEPS[1:]),
    Page("applications:check", "applicant", unsent),
    Page("applications:status", "applicant", unsent),
    Page("applications:colleagues", "applicant", unsent),
    Page("workspace:home", "founder", company),
    Page("workspace:home", "colleague", company),
    Page("workspace:people", "founder", company),
    Page("workspace:profile", "founder", company),
    Page("workspace:profile", "colleague", company, state="refused", status=403),
    Page("workspace:home", "newcomer", company, state="hidden", status=404),
    Page("workspace:invitation", "newcomer", invitation_of_newcomer),
    Page("subsidies:entitlements", "founder", company),
    Page("subsidies:entitlements", "colleague", company),
    Page("subsidies:entitlements_summary", "founder", company),
    Page("subsidies:company_statements", "founder", company),
    Page("subsidies:company_grants", "founder", company),
    Page("subsidies:statement", "founder", statement),
    Page("subsidies:certificate", "founder", decided()),
    Page("subsidies:certificate", "founder", decided(Point.AI_VOUCHERS), state="unknown"),
    Page("spaces:company_leases", "founder", company),
    Page("spaces:company_desks", "founder", company),
    Page("spaces:desk", "founder", desk),
    Page("spaces:company_day_passes", "founder", company),
    Page("spaces:day_pass", "founder", day_pass),
    Page("spaces:leases", "founder"),
    Page("spaces:plan", "founder", building),
    Page("spaces:lease_detail", "founder", lease),
    Page("spaces:offer", "founder", offer),
)

STAFF = (
    Page("dashboard", "officer"),
    Page("dashboard", "auditor"),
    Page("dashboard", "officer", query="?on=2026-01-31", state="past"),
    Page("dashboard_rows", "officer", lambda _portal: ["in-zone"]),
    Page("dashboard_rows", "officer", lambda _portal: ["leases-ending"], state="leases"),
    Page("dashboard_rows", "auditor", lambda _portal: ["unknown"], state="facts"),
    Page("who_stays", "officer"),
    Page("who_stays", "auditor", query="?by=cohort", state="cohorts"),
    Page("who_stays", "officer", query="?by=campus&on=2026-01-31", state="past"),
    Page("who_stays_rows", "officer", query="?who=left&month=12"),
    Page("companies:checks", "officer", official_check_listed),
    Page("companies:checks_due", "officer"),
    Page("companies:check", "officer", official_check),
    Page("companies:company_check_new", "officer", lambda portal: [portal.company.code]),
    Page("spaces:exit_interviews", "officer"),
    Page("spaces:exit_interview", "officer", exit_interview),
    Page("spaces:company_exit_interview_new", "officer", gone),
    Page("styleguide", "officer", titles=2),
    Page("accounts:staff", "officer"),
    Page("accounts:staff", "approver"),
    Page("accounts:keys", "treasurer", some_keys, state="filled"),
    Page("applications:queue", "officer"),
    Page("applications:queue", "officer", query="?state=", state="all"),
    *(
        Page("applications:review", "officer", sent(state), state=state)
        for state in (ApplicationState.SUBMITTED, ApplicationState.DECLINED, ApplicationState.ADMITTED)
    ),
    Page("applications:review", "auditor", sent(ApplicationState.SUBMITTED)),
    Page("applications:admit", "officer", sent(ApplicationState.SUBMITTED)),
    Page("companies:list", "officer"),
    Page("companies:list", "auditor"),
    Page("companies:detail", "officer", company),
    Page("companies:detail", "auditor", company),
    Page("companies:create", "officer"),
    Page("companies:create", "auditor", state="refused", status=403),
    Page("companies:edit", "officer", company),
    Page("companies:history", "officer", company),
    Page("companies:list", "officer", query="?standing=archived", state="archived"),
    Page("companies:doubles", "officer", alike),
    Page("companies:merge", "officer", company),
    Page("companies:merge", "officer", company, query=lambda portal: f"?into={double(portal).code}", state="preview"),
    Page("companies:merges", "officer", merge_listed),
    Page("companies:merge_detail", "approver", merge),
    Page("spaces:path", "officer"),
    Page("spaces:path", "auditor"),
    Page("spaces:campus_change", "officer", campus),
    Page("spaces:unit_new", "officer"),
    Page("spaces:occupancy", "officer"),
    Page("spaces:plan", "officer", building),
    Page("spaces:plan", "auditor", building, query="?on=2030-01-01", state="ahead"),
    Page("spaces:units", "officer"),
    Page("spaces:desks", "officer"),
    Page("spaces:desk", "officer", desk),
    Page("spaces:desk_new", "officer"),
    Page("spaces:desk_change", "officer", desk),
    Page("spaces:day_passes", "officer", day_pass_listed),
    Page("spaces:day_pass", "officer", day_pass),
    Page("spaces:day_pass_new", "officer"),
    Page("spaces:day_pass_change", "officer", day_pass),
    Page("spaces:leases", "officer"),
    Page("spaces:leases", "auditor"),
    Page("spaces:lease_create", "officer"),
    Page("spaces:lease_detail", "officer", lease),
    Page("spaces:lease_detail", "officer", lambda _portal: ["no such lease"], state="missing", status=404),
    Page("spaces:lease_change", "officer", lease),
    *(Page("spaces:lease_act", "officer", act_on_lease(act), state=act) for act in ("move", "split", "merge")),
    Page("spaces:lease_act", "officer", act_on_lease("end"), query=END, state="previewed"),
    Page("subsidies:lease_relief", "officer", act_on_lease("end"), query=END),
    Page("subsidies:letting_relief", "officer", query=letting),
    Page("spaces:company_leases", "officer", company),
    Page("spaces:lease_detail", "treasurer", lease_with_deposit, state="deposit"),
    Page("spaces:deposits", "treasurer", deposit_listed),
    Page("spaces:deposits", "auditor", deposit_listed),
    Page("spaces:deposit_agree", "officer", lease),
    *(
        Page("spaces:deposit_act", "treasurer", deposit_act(act), state=act)
        for act in ("receive", "return", "hand-over")
    ),
    Page("spaces:deposit_take_back", "treasurer", movement),
    Page("spaces:offers", "officer", offer_listed),
    Page("spaces:offer_new", "officer"),
    Page("spaces:offer", "officer", offer),
    Page("subsidies:company_decisions", "officer", company),
    Page("subsidies:entitlements", "auditor", company),
    Page("subsidies:company_statements", "treasurer", company),
    Page("subsidies:company_statements", "reviewer", company, state="refused", status=403),
    Page("subsidies:statements", "treasurer"),
    Page("subsidies:issuing", "treasurer"),
    Page("subsidies:statements", "auditor"),
    Page("subsidies:statement", "treasurer", statement),
    Page("subsidies:interest_statements", "treasurer"),
    Page("subsidies:interest_statement", "treasurer", interest),
    Page("subsidies:statement", "treasurer", corrected, state="corrections"),
    Page("subsidies:statement", "treasurer", owed, state="owed"),
    Page("subsidies:payments", "treasurer"),
    Page("subsidies:payments", "auditor"),
    Page("subsidies:payment_new", "treasurer"),
    Page("subsidies:payment", "treasurer", paid("used"), state="used"),
    Page("subsidies:payment", "treasurer", paid("unmatched"), state="proposal"),
    Page("subsidies:payment", "auditor", paid("left"), state="left"),
    Page("subsidies:arrears", "treasurer"),
    Page("subsidies:arrears", "auditor"),
    Page("files", "treasurer", state="payments"),
    Page("subsidies:certificate", "auditor", superseded, state="superseded"),
    Page("subsidies:grants", "approver"),
    Page("subsidies:grants", "treasurer"),
    Page("subsidies:grant", "approver", grant("proposed"), state="proposed"),
    Page("subsidies:grant", "treasurer", grant("approved"), state="approved"),
    Page("subsidies:grant", "approver", recovering, state="recovery"),
    Page("subsidies:proposable", "officer"),
    Page("subsidies:proposal", "officer", proposable),
    Page("subsidies:late", "officer"),
    Page("subsidies:late_proposal", "officer", lambda _portal: [left_of_last_year(), "activities"]),
    Page("subsidies:budgets", "auditor"),
    Page("subsidies:recoveries", "treasurer"),
    Page("subsidies:company_grants", "officer", granted_company),
    Page("subsidies:runs", "officer"),
    Page("subsidies:runs", "auditor"),
    Page("subsidies:run", "officer", run),
    Page("subsidies:versions", "policy_editor"),
    Page("subsidies:new_draft", "policy_editor"),
    Page("subsidies:version", "policy_editor", draft),
    Page("subsidies:version", "approver", draft),
    Page("subsidies:version", "auditor", draft),
    Page("subsidies:version", "reviewer", draft, state="refused", status=403),
    Page("subsidies:version_differences", "auditor", draft),
    Page("subsidies:try_values", "policy_editor", draft),
    Page("subsidies:try_values", "auditor", draft, "?rent_waiver.area_m2=100&talent.award_a=5", state="tried"),
    Page("subsidies:try_values", "policy_editor", draft, "?rent_waiver.share=200", state="impossible"),
    Page("subsidies:simulations", "policy_editor", draft),
    Page("subsidies:simulation", "policy_editor", simulated),
    Page("subsidies:simulation", "approver", simulated, "?point=rent_waiver&change=less", state="filtered"),
    Page("subsidies:simulation", "policy_editor", waiting_simulation, state="waiting"),
    Page("subsidies:compare_simulations", "treasurer", query=two_simulations),
    Page("subsidies:edit_section", "policy_editor", section("rent_waiver")),
    Page("subsidies:edit_section", "policy_editor", section("loan_interest"), state="series"),
    Page("subsidies:edit_section", "policy_editor", section("growing"), state="stage"),
    Page("subsidies:edit_section", "policy_editor", section("general"), state="general"),
)

MEASURES = (
    Page("measures", "officer"),
    Page("measures", "auditor", query="?on=2020-01-01", state="before"),
    Page("measures_print", "officer"),
    Page("kept_figures", "auditor", kept_listed),
    Page("figures", args=published_figures),
    Page("figures", "approver", published_figures),
    Page("targets", "officer", target_listed),
    Page("target_new", "officer"),
    Page("industries", "officer"),
    Page("leaving", "officer", leaving_listed),
    Page("leaving", "auditor", query="?state=done", state="done"),
    Page("leaving_company", "officer", leaving_in_hand),
    Page("leaving_company", "auditor", leaving_company),
)

# The other pages of records are made by the same templates: NO_PAGES names them.
RECORDS = (
    Page("workspace:facts", "founder", company),
    Page("workspace:facts", "colleague", company),
    Page("workspace:facts", "officer", company),
    Page("subsidies:missing", "founder", company),
    Page("funding:loans", "officer"),
    Page("funding:loans", "auditor"),
    Page("funding:loan", "founder", repaid_loan),
    Page("funding:loan", "officer", repaid_loan),
    Page("funding:loan_new", "officer"),
    Page("funding:company_loans", "founder", company),
    Page("funding:company_loan_new", "founder", company),
    Page("funding:company_loan_new", "colleague", company, state="refused", status=403),
    Page("funding:loan_change", "founder", loan),
    Page("funding:loan_void", "founder", loan),
    Page("funding:repayment_new", "founder", loan),
    Page("funding:projects", "reviewer"),
    Page("funding:project", "reviewer", project),
    Page("funding:company_project_new", "founder", company),
    Page("funding:project_score", "reviewer", project),
    Page("community:support_packages", "officer"),
    Page("community:support_packages", "auditor", query="?standing=all", state="all"),
    Page("community:support_package", "officer", support_package),
    Page("community:support_new", "officer", query=another_version, state="filled"),
    Page("community:company_support", "founder", supported),
    Page("community:company_support", "officer", supported),
    Page("community:deliveries", "officer"),
    Page("community:delivery", "founder", delivery),
    Page("community:delivery", "officer", delivery),
    Page("community:company_delivery_new", "officer", company),
    Page("community:company_checklist", "founder", company),
    Page("community:company_checklist", "officer", company),
    Page("community:company_contact", "officer", company),
    Page("community:checklists", "officer"),
    Page("community:checklist_new", "officer"),
    Page("community:cohorts", "officer"),
    Page("community:cohort", "officer", cohort),
    Page("community:cohort_new", "officer"),
    Page("cohort_comparison", "officer"),
    Page("cohort_comparison", "auditor", query="?on=2026-01-31", state="past"),
    Page("cohort_companies", "officer", cohort),
    Page("who_stays", "officer", query="?by=support", state="support"),
    Page("community:talents", "officer"),
    Page("community:talent", "officer", talent),
    Page("community:company_talent_new", "founder", company),
    Page("companies:reports", "officer"),
    Page("companies:report", "officer", report),
    Page("companies:schedule", "officer"),
    Page("companies:schedule", "officer", query="?q=nobody+is+called+that", state="empty"),
    Page("companies:company_duties", "founder", company),
    Page("companies:report_excuse", "officer", duty),
    Page("companies:reporting", "officer"),
    Page("companies:reporting_rule_new", "officer"),
    Page("companies:reporting_limits", "officer"),
    Page("companies:question_new", "officer"),
    Page("companies:question_change", "officer", question),
    Page("companies:report", "officer", jumping_report, state="jumps"),
    Page("companies:reporting_rule_end", "officer", rule),
    Page("companies:company_report_new", "founder", company),
    Page("funding:rounds", "officer"),
    Page("funding:round", "officer", funding_round),
    Page("funding:company_round_new", "founder", company),
    Page("subsidies:stage_proposals", "officer"),
    Page("subsidies:stage_proposal", "officer", stage_proposal),
    Page("subsidies:stage_proposal", "founder", stage_proposal),
    Page("subsidies:company_path", "founder", company),
    Page("subsidies:expenses", "officer"),
    Page("subsidies:expense", "officer", expense),
    Page("subsidies:company_expense_new", "founder", company),
    Page("subsidies:suppliers", "officer"),
    Page("subsidies:supplier", "officer", supplier),
    Page("subsidies:supplier_new", "officer"),
    Page("subsidies:supplier_admit", "officer", supplier),
    Page("files", "officer"),
    Page("file", "officer", file_with_problems),
    Page("imports", "officer"),
    Page("imports", "auditor", query="?kind=loans"),
    Page("file_import", "officer", file_import),
)

BOOKINGS = (
    Page("spaces:day", "founder", query=next_day),
    Page("spaces:day", "officer", query=next_day),
    Page("spaces:bookings", "founder"),
    Page("spaces:booking", "founder", booking),
    Page("spaces:series", "founder", series),
    Page("spaces:booking_move", "founder", booking),
    Page("spaces:booking_new", "founder", query=free_hour),
    Page("spaces:booking_new", "officer", query=free_hour),
    Page("spaces:rooms", "officer"),
    Page("spaces:room", "officer", room),
    Page("spaces:room", "founder", room),
    Page("spaces:allowances", "officer"),
    Page("spaces:calendars", "founder"),
    Page("spaces:usage", "officer"),
    Page("spaces:company_rooms", "founder", company),
    Page("spaces:room_new", "officer"),
    Page("spaces:room_change", "officer", room),
)

FOR_READERS = (
    Page("subsidies:policy"),
    Page("subsidies:check_form"),
    Page("subsidies:check_form", query="?code=1", state="mistyped"),
    Page("subsidies:check", args=code),
    Page("subsidies:check", args=lambda _portal: [code_of(UUID(int=0), bytes(32))], state="unknown", status=404),
    Page("subsidies:check", args=lambda _portal: ["1"], state="mistyped", status=404),
    Page("subsidies:policy", "policy_editor"),
    Page("subsidies:versions"),
    Page("subsidies:version", args=law),
    Page("subsidies:version", "founder", draft, state="hidden", status=404),
    Page("subsidies:version_differences", args=law),
    Page("api:reference"),
    Page("api:reference", "officer"),
    Page("api:kind", args=lambda _portal: ["leases"]),
    Page("api:kind", args=lambda _portal: ["lease-plans"], state="previews"),
)

PAGES = (*ENTRANCE, *OWN_ACCOUNT, *FOUNDERS, *STAFF, *RECORDS, *BOOKINGS, *FOR_READERS, *MEASURES)

# Routes that are no page to look at, each with the reason
NO_PAGES = {
    "home": "redirects each person to his first page",
    "palette": "a fragment: looked at in the open palette (test_states)",
    "accounts:notices_read": "takes POST only",
    "accounts:notice_open": "takes POST only",
    "accounts:role_revoke": "takes POST only",
    "accounts:key_revoke": "takes POST only",
    "set_language": "takes POST only",
    "applications:ask": "takes POST only",
    "applications:decline": "takes POST only",
    "applications:withdraw": "takes POST only",
    "community:checklist_untick": "takes POST only",
    "community:cohort_add": "takes POST only",
    "community:cohort_remove": "takes POST only",
    "companies:relate": "takes POST only",
    "companies:merge_approve": "takes POST only",
    "companies:merge_refuse": "takes POST only",
    "companies:merge_withdraw": "takes POST only",
    "companies:doubles_search": "takes POST only",
    "companies:tell_apart": "takes POST only",
    "companies:take_back": "takes POST only",
    "companies:unrelate": "takes POST only",
    "funding:project_new": "the form of funding:company_project_new, with the company",
    "funding:project_change": "the form of funding:company_project_new, filled in",
    "funding:project_void": "the form of funding:loan_void",
    "funding:company_projects": "a part of workspace:facts",
    "community:support_end": "the form of funding:loan_void, with a day",
    "community:support_withdraw": "the form of funding:loan_void",
    "community:delivery_new": "the form of community:company_delivery_new, with the company",
    "community:delivery_change": "the form of community:company_delivery_new, filled in",
    "community:delivery_void": "the form of funding:loan_void",
    "community:company_deliveries": "a list of records, as community:company_talents",
    "community:checklist_tick": "the form of community:company_contact",
    "community:checklist_change": "the form of community:checklist_new, filled in",
    "community:cohort_change": "the form of community:cohort_new, filled in",
    "community:cohort_void": "the form of funding:loan_void",
    "community:talent_new": "the form of community:company_talent_new, with the company",
    "community:talent_change": "the form of community:company_talent_new, filled in",
    "community:talent_void": "the form of funding:loan_void",
    "community:company_talents": "a part of workspace:facts",
    "companies:report_new": "the form of companies:company_report_new, with the company",
    "companies:report_change": "the form of companies:company_report_new, filled in",
    "companies:report_void": "the form of funding:loan_void",
    "companies:company_reports": "a part of workspace:facts",
    "funding:round_new": "the form of funding:company_round_new, with the company",
    "funding:round_change": "the form of funding:company_round_new, filled in",
    "funding:round_void": "the form of funding:loan_void",
    "funding:company_rounds": "a part of workspace:facts",
    "subsidies:stage_confirm": "takes POST only",
    "subsidies:stage_refuse": "takes POST only",
    "subsidies:stage_appeal": "takes POST only",
    "subsidies:stage_answer": "takes POST only",
    "subsidies:expense_new": "the form of subsidies:company_expense_new, with the company",
    "subsidies:expense_change": "the form of subsidies:company_expense_new, filled in",
    "subsidies:expense_void": "the form of funding:loan_void",
    "subsidies:company_expenses": "a part of workspace:facts",
    "funding:repayment_change": "the form of funding:repayment_new, filled in",
    "funding:repayment_void": "the form of funding:loan_void",
    "companies:question_retire": "takes POST only",
    "companies:question_ask_again": "takes POST only",
    "companies:questions_usual": "takes POST only",
    "companies:report_attach": "takes POST only",
    "companies:evidence": "a file to download",
    "companies:evidence_take_back": "the form of funding:loan_void",
    "companies:report_excuse_void": "the form of funding:loan_void",
    "companies:reporting_rule_void": "the form of funding:loan_void",
    "companies:report_verify": "takes POST only",
    "companies:report_unverify": "takes POST only",
    "subsidies:supplier_change": "the form of subsidies:supplier_new, filled in",
    "subsidies:supplier_refuse": "takes POST only",
    "subsidies:offer_suppliers": "a fragment of the form of costs",
    "figures_keep": "takes POST only",
    "leaving_take": "takes POST only",
    "leaving_give_back": "takes POST only",
    "leaving_finish": "takes POST only",
    "figures_publish": "takes POST only",
    "figures_withdraw": "takes POST only",
    "target_void": "the form of target_new, with a reason",
    "file_take": "takes POST only",
    "file_refused": "a CSV file",
    "file_give_up": "takes POST only",
    "companies:duplicates": "a fragment of the forms of companies",
    "subsidies:certificate_pdf": "a PDF",
    "spaces:lease_contract": "a PDF",
    "subsidies:statement_pdf": "a PDF",
    "subsidies:payment_allot": "takes POST only",
    "subsidies:payment_release": "takes POST only",
    "subsidies:statement_release": "takes POST only",
    "subsidies:payment_reverse": "takes POST only",
    "subsidies:remind": "takes POST only",
    "subsidies:set_off": "takes POST only",
    "subsidies:certificate_json": "JSON",
    "subsidies:propose": "takes POST only",
    "subsidies:propose_late": "takes POST only",
    "subsidies:grant_approve": "takes POST only",
    "subsidies:grant_refuse": "takes POST only",
    "subsidies:grant_withdraw": "takes POST only",
    "subsidies:grant_revoke": "takes POST only",
    "subsidies:grant_pay": "takes POST only",
    "subsidies:grant_supplement": "takes POST only",
    "subsidies:recovery_confirm": "takes POST only",
    "subsidies:recovery_drop": "takes POST only",
    "subsidies:recovery_settle": "takes POST only",
    "subsidies:start_assessment": "takes POST only",
    "subsidies:start_billing": "takes POST only",
    "subsidies:issue": "takes POST only",
    "subsidies:upload_pack": "takes a file by POST, and else leads to the form of a new draft",
    "subsidies:version_pack": "a YAML file",
    "subsidies:save_text": "takes POST only",
    "subsidies:save_number": "takes POST only",
    "subsidies:confirm_section": "takes POST only",
    "subsidies:change_day": "takes POST only",
    "subsidies:approve_version": "takes POST only",
    "subsidies:simulate": "takes POST only",
    "subsidies:withdraw_approval": "takes POST only",
    "subsidies:publish_version": "takes POST only",
    "subsidies:discard_draft": "takes POST only",
    "workspace:role": "takes POST only",
    "workspace:remove": "takes POST only",
    "workspace:revoke": "takes POST only",
    "account_set_password": "for accounts without a password, which this portal does not make: redirects",
    "account_confirm_login_code": "signing in by mailed code is off: redirects",
    "mfa_authenticate": "the second step of a sign-in: looked at on the way (test_sign_in)",
    "mfa_download_recovery_codes": "a text file",
    "spaces:campus_new": "the form of spaces:campus_change, empty",
    "spaces:building_new": "the form of spaces:campus_change, with other fields",
    "spaces:building_change": "the form of spaces:campus_change, with other fields",
    "spaces:unit_change": "the form of spaces:unit_new, filled in",
    "spaces:desk_end": "the form of funding:loan_void, with a day",
    "spaces:desk_void": "the form of funding:loan_void",
    "spaces:day_pass_void": "the form of funding:loan_void",
    "companies:check_new": "the form of companies:company_check_new, with the company",
    "companies:check_change": "the form of companies:company_check_new, filled in",
    "companies:check_void": "the form of funding:loan_void",
    "companies:company_checks": "a part of companies:detail",
    "spaces:exit_interview_new": "the form of spaces:company_exit_interview_new, with the company",
    "spaces:exit_interview_change": "the form of spaces:company_exit_interview_new, filled in",
    "spaces:exit_interview_void": "the form of funding:loan_void",
    "spaces:company_exit_interviews": "a part of companies:detail",
    "spaces:lease_void": "takes POST only",
    **{f"spaces:offer_{act}": "takes POST only" for act in ("accept", "decline", "withdraw", "sign")},
    "spaces:room_close": "takes POST only",
    "spaces:room_reopen": "takes POST only",
    "spaces:booking_cancel": "takes POST only",
    "spaces:series_cancel": "takes POST only",
    "spaces:booking_check_in": "takes POST only",
    "spaces:allowance_withdraw": "takes POST only",
    "spaces:booking_invite": "takes POST only",
    "spaces:booking_uninvite": "takes POST only",
    "spaces:calendar_revoke": "takes POST only",
    "spaces:calendar": "an iCalendar file",
    "spaces:booking_wait": "takes POST only",
    "spaces:waiting_leave": "takes POST only",
    "spaces:booking_check": "a fragment of the form of bookings",
    "companies:offer": "a fragment of forms that name a company",
    "spaces:offer_units": "a fragment of the lease form",
    "spaces:preview": "a fragment of the lease form",
    "api:openapi": "JSON",
    "api_unknown": "JSON",
    "health": "JSON",
    "health_live": "plain text",
    "metrics": "plain text",
}
