"""Every route against every actor: what nobody guards fails here, and what is guarded must refuse whom it should.

The guard of a view (`accounts.access`) says who may open it at all; `ARGUMENTS` names the objects behind a route
(company A and what is hers), which a stranger must not be able to tell from objects that do not exist.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.access import Guard, guard_of
from accounts.models import RoleGrant, StaffRole
from companies.models import Distinction, Invitation, Merge, Question, Relation
from core.api.views import ReadViewSet
from core.periods import period
from spaces.models import Allowance, Series
from spaces.services import calendars
from subsidies.certificates.codes import code_of
from subsidies.models import PolicyVersion, StageAppeal
from subsidies.services import drafts, simulations
from tests.conftest import staff_member
from tests.factories import (
    ApiKeyFactory,
    ApplicationFactory,
    BookingFactory,
    ChecklistEntryFactory,
    CohortMemberFactory,
    CompanyFactory,
    DayPassFactory,
    DecisionFactory,
    DeliveryFactory,
    DepositMovementFactory,
    DeskMembershipFactory,
    EvidenceFactory,
    ExitInterviewFactory,
    ExpenseFactory,
    FileImportFactory,
    GrantFactory,
    InterestLineFactory,
    LeaseFactory,
    LeaseOfferFactory,
    LoanFactory,
    MembershipFactory,
    NoticeFactory,
    OfficialCheckFactory,
    PolicyVersionFactory,
    ProjectFactory,
    RecoveryFactory,
    RentAllotmentFactory,
    RentLineFactory,
    RentPaymentFactory,
    RentStatementFactory,
    RepaymentFactory,
    ReportDutyFactory,
    ReportFactory,
    RoomFactory,
    RoundFactory,
    RunFactory,
    StageAppealFactory,
    StageProposalFactory,
    SupportPackageFactory,
    TalentFactory,
    UploadFactory,
    UserFactory,
    WaitingEntryFactory,
    WordingFactory,
)
from tests.policies import published_policy
from zone_portal.dashboard.models import LeavingTask, Snapshot, Target
from zone_portal.dashboard.services.snapshots import keep_snapshot

# allauth's pages guard themselves; static files and the API's own refusals are tested with the API.
THIRD_PARTY = ("account_", "mfa_")


@dataclass(frozen=True)
class Route:
    name: str
    view: Any
    takes_arguments: bool

    @property
    def guard(self) -> Guard | None:
        return guard_of(self.view)

    @property
    def is_api(self) -> bool:
        return isinstance(getattr(self.view, "cls", None), type) and issubclass(self.view.cls, ReadViewSet)


def walk(resolver: URLResolver, namespace: str = "", arguments: bool = False) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        takes = arguments or bool(entry.pattern.regex.groups)
        if isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", entry.callback, takes)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry, inner, takes)


ROUTES = [route for route in walk(get_resolver()) if not route.name.startswith(THIRD_PARTY)]
PAGES = [route for route in ROUTES if not route.is_api]


def ids(route: Route) -> str:
    return route.name


class World:
    """Company A with one of everything, and an outsider's view of it."""

    def __init__(self, company: Any, officer: Any):
        self.company = company
        self.officer = officer
        self.owner = company.memberships.get(role="owner").user

    @property
    def lease(self) -> Any:
        return LeaseFactory(company=self.company)

    @cached_property
    def room(self) -> Any:
        """For companies of a stage that company A is in, and no other."""
        type(self.company).objects.filter(pk=self.company.pk).update(stage="chick")
        return RoomFactory(stages=["chick"])

    @cached_property
    def closure(self) -> Any:
        return self.room.closures.create(period=BookingFactory.build().period, reason="cleaning")

    @cached_property
    def booking(self) -> Any:
        return BookingFactory(
            company=self.company, room=self.room, series=Series.objects.create(frequency="weekly", times=4)
        )

    @property
    def feed(self) -> Any:
        return calendars.make_feed(user=self.owner, room=None)[0]

    @property
    def allowance(self) -> Any:
        Allowance.objects.all().delete()
        return Allowance.objects.create(since=dt.date(2026, 6, 1), stage="chick", credits=20)

    @property
    def waiting(self) -> Any:
        """Owner and officer may take it off the list, each only once."""
        return WaitingEntryFactory(room=self.room, company=self.company, waits=self.owner)

    @property
    def desk(self) -> Any:
        return DeskMembershipFactory(company=self.company)

    @property
    def offer(self) -> Any:
        return LeaseOfferFactory(company=self.company, made_by=self.officer)

    @property
    def check(self) -> Any:
        """One each time: to declare it void leaves none."""
        held = self.company.official_checks.count()
        return OfficialCheckFactory(company=self.company, checked_on=dt.date(2026, 1, 1) + dt.timedelta(days=held))

    @property
    def exit_interview(self) -> Any:
        """On a day of its own each time."""
        held = self.company.exit_interviews.count()
        return ExitInterviewFactory(company=self.company, held_on=dt.date(2026, 1, 1) + dt.timedelta(days=held))

    @property
    def gone(self) -> Any:
        """Company A, which left."""
        LeaseFactory(company=self.company, term=period(dt.date(2024, 1, 1), dt.date(2024, 12, 31)))
        return self.company

    @property
    def day_pass(self) -> Any:
        return DayPassFactory(company=self.company)

    @property
    def movement(self) -> Any:
        return DepositMovementFactory(lease=self.lease, by=self.officer)

    @property
    def application(self) -> Any:
        return ApplicationFactory(created_by=self.owner)

    @property
    def sent(self) -> Any:
        return ApplicationFactory(created_by=self.owner, submitted=True, steps=["started", "submitted"])

    @property
    def statement(self) -> Any:
        return RentLineFactory(statement__company=self.company).statement

    @property
    def payment(self) -> Any:
        return RentPaymentFactory(company=self.company)

    @cached_property
    def allotment(self) -> Any:
        """Of a statement that was issued."""
        statement = RentStatementFactory(company=self.company, waived=0)
        type(statement).objects.filter(pk=statement.pk).update(state="issued", issued_at=timezone.now())
        return RentAllotmentFactory(payment__company=self.company, statement=statement)

    @property
    def interest_statement(self) -> Any:
        return InterestLineFactory(statement__company=self.company).statement

    @property
    def relation(self) -> Any:
        return Relation.objects.create(company=self.company, other=CompanyFactory(), kind="sibling")

    @property
    def distinction(self) -> Any:
        return Distinction.objects.create(one=self.company, other=CompanyFactory(), by=self.officer)

    @property
    def merge(self) -> Any:
        """Of another company into company A, proposed by somebody else."""
        by = UserFactory(roles=[StaffRole.OFFICER])
        return Merge.objects.create(merged=CompanyFactory(), survivor=self.company, reason="the same", proposed_by=by)

    @property
    def colleague(self) -> Any:
        return MembershipFactory(company=self.company, role="viewer")

    @property
    def invitation(self) -> Any:
        return Invitation.objects.create(
            company=self.company, email="invited@example.org", role="viewer", invited_by=self.owner
        )

    @property
    def draft(self) -> Any:
        """A draft of the policy, made once; discarded, it is made anew."""
        known = PolicyVersion.objects.filter(version="draft").first()
        return known or PolicyVersionFactory(version="draft", texts=self.law.texts, copied_from=self.law)

    @cached_property
    def law(self) -> Any:
        """The published version of the default pack."""
        return published_policy()

    @property
    def whole_draft(self) -> Any:
        """A draft that says all that a version must say."""
        editor = UserFactory(roles=[StaffRole.POLICY_EDITOR])
        known = PolicyVersion.objects.filter(version="whole").first()
        return known or drafts.draft_version(base=self.law, name="whole", effective_from=dt.date(2030, 1, 1), by=editor)

    @property
    def simulation(self) -> Any:
        draft = self.whole_draft
        return simulations.begin_simulation(version=draft, on=dt.date(2030, 1, 1), by=draft.created_by)

    @property
    def loan(self) -> Any:
        return LoanFactory(company=self.company)

    @property
    def repayment(self) -> Any:
        return RepaymentFactory(loan=self.loan)

    @property
    def project(self) -> Any:
        return ProjectFactory(company=self.company)

    @property
    def talent(self) -> Any:
        return TalentFactory(company=self.company)

    @property
    def report(self) -> Any:
        """One a period: the same for everybody who looks."""
        return self.company.reports.first() or ReportFactory(company=self.company)

    @property
    def duty(self) -> Any:
        """A report that company A owes."""
        return self.company.report_duties.first() or ReportDutyFactory(company=self.company)

    @property
    def question(self) -> Any:
        return Question.objects.first() or WordingFactory(by=self.officer).question

    @property
    def evidence(self) -> Any:
        return self.report.evidence.first() or EvidenceFactory(report=self.report, by=self.owner)

    @property
    def excuse(self) -> Any:
        """From one report more each time."""
        end = dt.date(2026, 1, 1) + dt.timedelta(days=self.company.report_excuses.count())
        return self.company.report_excuses.create(period_end=end, reason="moved in last week", by=self.officer)

    @property
    def round(self) -> Any:
        return self.company.rounds.first() or RoundFactory(company=self.company)

    @property
    def stage_appeal(self) -> Any:
        proposal = self.stage_proposal
        return StageAppeal.objects.filter(proposal=proposal).first() or StageAppealFactory(proposal=proposal)

    @property
    def stage_proposal(self) -> Any:
        """A move up of company A, waiting."""
        return self.company.stage_proposals.first() or StageProposalFactory(company=self.company, version=self.law)

    @cached_property
    def support_package(self) -> Any:
        """Of the stage of company A, in force."""
        type(self.company).objects.filter(pk=self.company.pk).update(stage="chick")
        return SupportPackageFactory()

    @property
    def delivery(self) -> Any:
        return DeliveryFactory(company=self.company, item=self.support_package.items.get())

    @cached_property
    def checklist_entry(self) -> Any:
        return ChecklistEntryFactory()

    @cached_property
    def cohort(self) -> Any:
        """With company A in it."""
        return CohortMemberFactory(company=self.company).cohort

    @property
    def expense(self) -> Any:
        return ExpenseFactory(company=self.company)

    @property
    def supplier(self) -> Any:
        """Not admitted, and known to company A by a cost alone."""
        return self.expense.supplier

    @property
    def target(self) -> Any:
        known = Target.objects.first()
        words = {"figure": "jobs", "year": 2026, "value": 1, "source": "the plan", "adopted_on": dt.date(2026, 1, 1)}
        return known or Target.objects.create(**words, entered_by=self.officer)

    @property
    def leaving(self) -> Any:
        """In the hands of another officer."""
        by = UserFactory(roles=[StaffRole.OFFICER])
        known = LeavingTask.objects.filter(company=self.company).first()
        return known or LeavingTask.objects.create(
            company=self.company, points=0, opened_on=dt.date(2026, 1, 1), state="taken", taken_by=by
        )

    @property
    def snapshot(self) -> Any:
        """Of an empty zone, kept by the officer."""
        known = Snapshot.objects.first()
        return known or keep_snapshot(day=dt.date(2020, 1, 1), by=self.officer, on=dt.date(2026, 1, 1))

    @property
    def upload(self) -> Any:
        """The officer's, imported already."""
        return UploadFactory(created_by=self.officer, taken_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))

    @property
    def decision(self) -> Any:
        return DecisionFactory(company=self.company, version=self.law)

    @cached_property
    def proposable(self) -> Any:
        return DecisionFactory(company=self.company, version=self.law, point="activities")

    @cached_property
    def grant(self) -> Any:
        return GrantFactory(company=self.company, decision__version=self.law)

    @cached_property
    def recovery(self) -> Any:
        return RecoveryFactory(grant=self.grant)


ARGUMENTS: dict[str, Callable[[World], list[Any]]] = {
    "subsidies:proposal": lambda world: [world.proposable.public_id],
    "subsidies:propose": lambda world: [world.proposable.public_id],
    "subsidies:late_proposal": lambda world: [world.company.code, "activities"],
    "subsidies:propose_late": lambda world: [world.company.code, "activities"],
    "subsidies:company_grants": lambda world: [world.company.code],
    **{
        f"subsidies:{name}": lambda world: [world.grant.public_id]
        for name in (
            "grant",
            "grant_approve",
            "grant_refuse",
            "grant_withdraw",
            "grant_revoke",
            "grant_pay",
            "grant_supplement",
        )
    },
    **{f"subsidies:recovery_{act}": lambda world: [world.recovery.public_id] for act in ("confirm", "drop", "settle")},
    "spaces:campus_change": lambda world: [world.lease.unit.building.campus.pk],
    "spaces:plan": lambda world: [world.lease.unit.building.pk],
    "spaces:building_change": lambda world: [world.lease.unit.building.pk],
    "spaces:unit_change": lambda world: [world.lease.unit.code],
    **{
        f"spaces:{name}": lambda world: [world.desk.number] for name in ("desk", "desk_change", "desk_end", "desk_void")
    },
    "spaces:company_desks": lambda world: [world.company.code],
    "spaces:lease_detail": lambda world: [world.lease.number],
    "spaces:lease_change": lambda world: [world.lease.number],
    "spaces:lease_act": lambda world: ["renew", world.lease.number],
    "subsidies:lease_relief": lambda world: ["move", world.lease.number],
    **{
        f"spaces:{name}": lambda world: [world.offer.number]
        for name in ("offer", "offer_accept", "offer_decline", "offer_withdraw", "offer_sign")
    },
    **{
        f"spaces:{name}": lambda world: [world.day_pass.code]
        for name in ("day_pass", "day_pass_change", "day_pass_void")
    },
    **{
        f"spaces:{name}": lambda world: [world.exit_interview.pk]
        for name in ("exit_interview", "exit_interview_change", "exit_interview_void")
    },
    **{f"companies:{name}": lambda world: [world.check.pk] for name in ("check", "check_change", "check_void")},
    **{f"companies:{name}": lambda world: [world.company.code] for name in ("company_checks", "company_check_new")},
    "spaces:company_exit_interviews": lambda world: [world.company.code],
    "spaces:company_exit_interview_new": lambda world: [world.gone.code],
    "spaces:company_day_passes": lambda world: [world.company.code],
    "spaces:lease_contract": lambda world: [world.lease.number],
    "spaces:deposit_agree": lambda world: [world.lease.number],
    "spaces:deposit_act": lambda world: ["receive", world.lease.number],
    "spaces:deposit_take_back": lambda world: [world.movement.pk],
    "spaces:lease_void": lambda world: [world.lease.number],
    "spaces:company_leases": lambda world: [world.company.code],
    "spaces:room": lambda world: [world.room.code],
    "spaces:room_change": lambda world: [world.room.code],
    "spaces:room_close": lambda world: [world.room.code],
    "spaces:room_reopen": lambda world: [world.closure.pk],
    "spaces:booking": lambda world: [world.booking.code],
    "spaces:series": lambda world: [world.booking.series.code],
    "spaces:series_cancel": lambda world: [world.booking.series.code],
    "spaces:booking_invite": lambda world: [world.booking.code],
    "spaces:booking_uninvite": lambda world: [world.booking.attendees.get_or_create(email="guest@example.org")[0].pk],
    "spaces:calendar_revoke": lambda world: [world.feed.pk],
    "spaces:calendar": lambda world: ["0123456789ab.no-such-secret"],
    "spaces:company_rooms": lambda world: [world.company.code],
    "spaces:allowance_withdraw": lambda world: [world.allowance.pk],
    "spaces:booking_move": lambda world: [world.booking.code],
    "spaces:booking_check_in": lambda world: [world.booking.code],
    "spaces:waiting_leave": lambda world: [world.waiting.pk],
    "spaces:booking_cancel": lambda world: [world.booking.code],
    "accounts:notice_open": lambda world: [NoticeFactory(user=world.owner).pk],
    "accounts:role_revoke": lambda world: [RoleGrant.objects.create(user=UserFactory(), role="auditor").pk],
    "accounts:key_revoke": lambda world: [ApiKeyFactory(created_by=world.officer).public_id],
    "dashboard_rows": lambda world: ["in-zone"],
    "companies:detail": lambda world: [world.company.code],
    "companies:merge": lambda world: [world.company.code],
    **{
        f"companies:{name}": lambda world: [world.merge.public_id]
        for name in ("merge_detail", "merge_approve", "merge_refuse", "merge_withdraw")
    },
    "companies:take_back": lambda world: [world.distinction.pk],
    "companies:tell_apart": lambda world: [world.company.code, CompanyFactory().code],
    "companies:edit": lambda world: [world.company.code],
    "companies:history": lambda world: [world.company.code],
    "companies:relate": lambda world: [world.company.code],
    "companies:unrelate": lambda world: [world.relation.pk],
    "applications:step": lambda world: [world.application.public_id, "identity"],
    "applications:withdraw": lambda world: [world.application.public_id],
    "applications:colleagues": lambda world: [world.application.public_id],
    "applications:admit": lambda world: [world.sent.public_id],
    "applications:ask": lambda world: [world.sent.public_id],
    "applications:decline": lambda world: [world.sent.public_id],
    "applications:check": lambda world: [world.application.public_id],
    "applications:status": lambda world: [world.sent.public_id],
    "applications:review": lambda world: [world.sent.public_id],
    "workspace:home": lambda world: [world.company.code],
    "workspace:people": lambda world: [world.company.code],
    "workspace:profile": lambda world: [world.company.code],
    "workspace:role": lambda world: [world.company.code, world.colleague.pk],
    "workspace:remove": lambda world: [world.company.code, world.colleague.pk],
    "workspace:invitation": lambda world: [world.invitation.public_id],
    "workspace:revoke": lambda world: [world.invitation.public_id],
    "subsidies:entitlements": lambda world: [world.company.code],
    "subsidies:entitlements_summary": lambda world: [world.company.code],
    "subsidies:company_decisions": lambda world: [world.company.code],
    "subsidies:company_statements": lambda world: [world.company.code],
    "subsidies:statement": lambda world: [world.statement.public_id],
    "subsidies:interest_statement": lambda world: [world.interest_statement.public_id],
    "subsidies:certificate": lambda world: [world.decision.public_id],
    "subsidies:certificate_pdf": lambda world: [world.decision.public_id],
    "subsidies:statement_pdf": lambda world: [world.statement.public_id],
    "subsidies:remind": lambda world: [world.allotment.statement.public_id],
    "subsidies:set_off": lambda world: [world.company.code],
    **{
        f"subsidies:{name}": lambda world: [world.payment.public_id]
        for name in ("payment", "payment_allot", "payment_reverse")
    },
    "subsidies:statement_release": lambda world: [world.allotment.statement.public_id, world.allotment.pk],
    "subsidies:payment_release": lambda world: [world.allotment.payment.public_id, world.allotment.pk],
    "subsidies:certificate_json": lambda world: [world.decision.public_id],
    "api:kind": lambda world: ["leases"],
    "subsidies:check": lambda world: [code_of(world.decision.public_id, bytes(32))],
    "subsidies:run": lambda world: [RunFactory().public_id],
    "subsidies:version": lambda world: [world.law.version],
    "subsidies:try_values": lambda world: [world.whole_draft.version],
    "subsidies:simulate": lambda world: [world.whole_draft.version],
    "subsidies:simulations": lambda world: [world.whole_draft.version],
    "subsidies:simulation": lambda world: [world.simulation.public_id],
    "subsidies:version_differences": lambda world: [world.law.version],
    "subsidies:version_pack": lambda world: [world.law.version],
    "subsidies:edit_section": lambda world: [world.draft.version, "rent_waiver"],
    "subsidies:save_text": lambda world: [world.draft.version, "rent_waiver"],
    "subsidies:confirm_section": lambda world: [world.draft.version, "rent_waiver"],
    "subsidies:save_number": lambda world: [world.draft.version, "rent_waiver.months"],
    "subsidies:change_day": lambda world: [world.draft.version],
    "subsidies:approve_version": lambda world: [world.draft.version],
    "subsidies:withdraw_approval": lambda world: [world.draft.version],
    "subsidies:publish_version": lambda world: [world.draft.version],
    "subsidies:discard_draft": lambda world: [world.draft.version],
    "funding:loan": lambda world: [world.loan.number],
    "funding:loan_change": lambda world: [world.loan.number],
    "funding:loan_void": lambda world: [world.loan.number],
    "funding:company_loans": lambda world: [world.company.code],
    "funding:company_loan_new": lambda world: [world.company.code],
    "funding:project": lambda world: [world.project.code],
    "funding:project_change": lambda world: [world.project.code],
    "funding:project_void": lambda world: [world.project.code],
    "funding:company_projects": lambda world: [world.company.code],
    "funding:company_project_new": lambda world: [world.company.code],
    "community:talent": lambda world: [world.talent.code],
    "community:talent_change": lambda world: [world.talent.code],
    "community:talent_void": lambda world: [world.talent.code],
    **{
        f"community:{name}": lambda world: [world.support_package.pk]
        for name in ("support_package", "support_end", "support_withdraw")
    },
    **{
        f"community:{name}": lambda world: [world.delivery.pk]
        for name in ("delivery", "delivery_change", "delivery_void")
    },
    **{
        f"community:{name}": lambda world: [world.company.code]
        for name in (
            "company_support",
            "company_deliveries",
            "company_delivery_new",
            "company_checklist",
            "company_contact",
        )
    },
    **{
        f"community:{name}": lambda world: [world.company.code, world.checklist_entry.pk]
        for name in ("checklist_tick", "checklist_untick")
    },
    "community:checklist_change": lambda world: [world.checklist_entry.pk],
    **{
        f"community:{name}": lambda world: [world.cohort.pk]
        for name in ("cohort", "cohort_change", "cohort_void", "cohort_add")
    },
    "community:cohort_remove": lambda world: [world.cohort.pk, world.company.code],
    "cohort_companies": lambda world: [world.cohort.pk],
    "community:company_talents": lambda world: [world.company.code],
    "community:company_talent_new": lambda world: [world.company.code],
    **{
        f"subsidies:{name}": lambda world: [world.stage_proposal.public_id]
        for name in ("stage_proposal", "stage_confirm", "stage_refuse", "stage_appeal")
    },
    "subsidies:stage_answer": lambda world: [world.stage_appeal.proposal.public_id],
    "subsidies:company_path": lambda world: [world.company.code],
    "funding:round": lambda world: [world.round.pk],
    "funding:round_change": lambda world: [world.round.pk],
    "funding:round_void": lambda world: [world.round.pk],
    "funding:company_rounds": lambda world: [world.company.code],
    "funding:company_round_new": lambda world: [world.company.code],
    "companies:report": lambda world: [world.report.pk],
    "companies:report_change": lambda world: [world.report.pk],
    "companies:report_void": lambda world: [world.report.pk],
    "companies:company_reports": lambda world: [world.company.code],
    "companies:company_report_new": lambda world: [world.company.code],
    "subsidies:expense": lambda world: [world.expense.number],
    "subsidies:expense_change": lambda world: [world.expense.number],
    "subsidies:expense_void": lambda world: [world.expense.number],
    "subsidies:company_expenses": lambda world: [world.company.code],
    "subsidies:company_expense_new": lambda world: [world.company.code],
    "subsidies:supplier": lambda world: [world.supplier.code],
    "subsidies:supplier_change": lambda world: [world.supplier.code],
    "funding:repayment_new": lambda world: [world.loan.number],
    "funding:repayment_change": lambda world: [world.repayment.pk],
    "funding:repayment_void": lambda world: [world.repayment.pk],
    "funding:project_score": lambda world: [world.project.code],
    "companies:company_duties": lambda world: [world.company.code],
    "companies:report_excuse": lambda world: [world.duty.company.code, world.duty.period_end.isoformat()],
    "companies:report_excuse_void": lambda world: [world.excuse.pk],
    "companies:reporting_rule_end": lambda world: [world.duty.rule.pk],
    "companies:reporting_rule_void": lambda world: [world.duty.rule.pk],
    "companies:question_change": lambda world: [world.question.code],
    "companies:question_retire": lambda world: [world.question.code],
    "companies:question_ask_again": lambda world: [world.question.code],
    "companies:report_attach": lambda world: [world.report.pk],
    "companies:evidence": lambda world: [world.evidence.public_id],
    "companies:evidence_take_back": lambda world: [world.evidence.public_id],
    "companies:report_verify": lambda world: [world.report.pk],
    "companies:report_unverify": lambda world: [world.report.pk],
    "subsidies:supplier_admit": lambda world: [world.supplier.code],
    "subsidies:supplier_refuse": lambda world: [world.supplier.code],
    "target_void": lambda world: [world.target.pk],
    "leaving_company": lambda world: [world.company.code],
    "leaving_take": lambda world: [world.company.code],
    **{name: lambda world: [world.leaving.company.code] for name in ("leaving_give_back", "leaving_finish")},
    **{name: lambda world: [world.snapshot.public_id] for name in ("figures", "figures_publish", "figures_withdraw")},
    "file": lambda world: [world.upload.public_id],
    "file_take": lambda world: [world.upload.public_id],
    "file_refused": lambda world: [world.upload.public_id],
    "file_give_up": lambda world: [world.upload.public_id],
    "file_import": lambda world: [FileImportFactory().public_id],
    "workspace:facts": lambda world: [world.company.code],
    "subsidies:missing": lambda world: [world.company.code],
}


# What an actor may get who was let in: a page, the way on, or that what he sent (nothing) is not enough.
ANSWERED = {200, 302, 400, 409}

# What somebody brought is his alone: whoever else may bring files finds none of it. In this world an officer did.
HIS_ALONE = {"file", "file_take", "file_refused", "file_give_up"}

# An invitation is its addressee's, not the company's who sent it.
NOT_THE_OWNER_S = {"workspace:invitation"}


@pytest.fixture
def world(company, officer, alice, bob, carol) -> World:
    return World(company, officer)


def address(route: Route, world: World) -> str:
    arguments = ARGUMENTS[route.name](world) if route.takes_arguments else []
    return reverse(route.name, args=arguments)


def status(client: Client, url: str) -> int:
    """What the route answers to a GET, or to a POST where it takes nothing else."""
    response = client.get(url)
    return (client.post(url) if response.status_code == 405 else response).status_code


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_every_route_is_guarded(route):
    if route.is_api:
        assert route.view.cls.scope, f"{route.name} names no scope"
    else:
        assert route.guard, f"{route.name} has no guard: give its view one of accounts.access, as its outermost"


@pytest.mark.parametrize("route", [r for r in PAGES if r.takes_arguments and r.name != "api_unknown"], ids=ids)
def test_every_route_with_arguments_is_walked(route):
    assert route.name in ARGUMENTS, f"name the objects behind {route.name} in ARGUMENTS"


GUARDED = [route for route in PAGES if route.guard and (not route.takes_arguments or route.name in ARGUMENTS)]
OPEN = [route for route in GUARDED if route.guard.kind == "open"]
CLOSED = [route for route in GUARDED if route.guard.kind != "open"]
OF_STAFF = [route for route in CLOSED if route.guard.kind == "staff"]
OF_OWNERS = [r for r in CLOSED if r.guard.kind == "signed_in" and r.name not in NOT_THE_OWNER_S]
OF_SOMEBODY = [route for route in CLOSED if route.guard.kind == "signed_in" and route.takes_arguments]


@pytest.mark.parametrize("route", CLOSED, ids=ids)
def test_a_visitor_is_led_to_the_sign_in(route, world):
    url = address(route, world)
    for response in (Client().get(url), Client().post(url)):
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("route", OPEN, ids=ids)
def test_an_open_route_asks_nobody_to_sign_in(route, world):
    response = Client().get(address(route, world))
    assert response.status_code < 500
    assert "/accounts/login/" not in response.get("Location", "")


@pytest.mark.parametrize("route", OF_STAFF, ids=ids)
def test_founders_find_no_page_of_the_staff(route, world, alice, signed_in):
    client, url = signed_in(alice), address(route, world)
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


@pytest.mark.parametrize("route", OF_STAFF, ids=ids)
def test_staff_open_what_their_role_opens_and_nothing_else(route, world, signed_in):
    found = {}
    for role in StaffRole:
        user = world.officer if role == StaffRole.OFFICER else staff_member(role)
        found[str(role)] = status(signed_in(user), address(route, world))
    refused = {role for role, code in found.items() if code == 403}
    allowed = route.guard.roles or set(StaffRole.values)
    assert refused == set(StaffRole.values) - allowed, found
    his = {str(StaffRole.OFFICER)} if route.name in HIS_ALONE else allowed
    assert all(code in ANSWERED for role, code in found.items() if role in his), found
    assert all(found[role] == 404 for role in allowed - his), found


@pytest.mark.parametrize("route", OF_SOMEBODY, ids=ids)
def test_a_stranger_cannot_tell_it_from_what_does_not_exist(route, world, mallory, signed_in):
    client, url = signed_in(mallory), address(route, world)
    for response in (client.get(url), client.post(url)):
        assert response.status_code in {404, 405}
    assert status(client, url) == 404


@pytest.mark.parametrize(
    "route", [r for r in CLOSED if r.guard.kind == "signed_in" and r.name not in NOT_THE_OWNER_S], ids=ids
)
def test_an_owner_opens_what_is_hers(route, world, alice, signed_in):
    assert status(signed_in(alice), address(route, world)) in ANSWERED


def test_the_api_opens_to_no_session(world, officer, signed_in):
    for route in ROUTES:
        if route.is_api and not route.takes_arguments:
            assert signed_in(officer).get(reverse(route.name)).status_code == 401
