"""Objects for tests, deterministic: sequences and fixed days, required relations only. Nothing is random."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.models import ApiKey, Notice, RoleGrant, User
from community.choices import TalentGrade
from community.models import (
    ChecklistEntry,
    ChecklistTick,
    Cohort,
    CohortMember,
    Contact,
    Delivery,
    SupportItem,
    SupportPackage,
    Talent,
)
from companies.choices import ApplicationState, CompanyKind, MemberRole, QuestionKind, ReportMonths
from companies.models import (
    Application,
    ApplicationPerson,
    Company,
    Evidence,
    ExitInterview,
    Membership,
    OfficialCheck,
    Question,
    Report,
    ReportDuty,
    ReportingRule,
    TimelineEntry,
    Wording,
)
from core import text
from core.models import FileImport, Run, Upload
from core.periods import period
from funding.choices import ProjectField, ProjectKind
from funding.models import Loan, Project, Repayment, Round
from spaces.choices import PathStep, RoomField
from spaces.models import (
    Booking,
    Building,
    Campus,
    DayPass,
    DepositMovement,
    DeskMembership,
    Lease,
    LeaseOffer,
    Room,
    Unit,
    WaitingEntry,
)
from spaces.slots import slot_on
from subsidies.choices import ExpenseKind, Outcome, Point, PolicyState
from subsidies.models import (
    Budget,
    Decision,
    Expense,
    Grant,
    InterestLine,
    InterestStatement,
    PolicyParameter,
    PolicyVersion,
    Recovery,
    RentAllotment,
    RentLine,
    RentPayment,
    RentStatement,
    StageAppeal,
    StageProposal,
    Supplier,
)

TODAY = dt.date(2026, 6, 15)
ZONE = ZoneInfo("Asia/Shanghai")
IN_FORCE_FROM = dt.date(2025, 9, 25)
PASSWORD = "correct horse battery staple"

_VOIDED = factory.Trait(voided_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), void_reason="entered in error")


class UserFactory(DjangoModelFactory[User]):
    """A person; `roles=["officer"]` makes a staff member of him."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(self: User, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        for role in extracted or ():
            RoleGrant.objects.create(user=self, role=role)


class CompanyFactory(DjangoModelFactory[Company]):
    """A company that is registered and operates since the policy is in force."""

    class Meta:
        model = Company

    code = factory.Sequence(lambda n: f"C{n:05}")
    name = factory.Sequence(lambda n: f"Company {n}")
    kind = CompanyKind.COMPANY
    registration = period(IN_FORCE_FROM, None)
    operation = period(IN_FORCE_FROM, None)
    name_key = factory.LazyAttribute(lambda company: text.sort_key(company.name))
    search_text = factory.LazyAttribute(
        lambda company: text.search_tokens([company.name, getattr(company, "name_zh", ""), company.code])
    )


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)
    role = MemberRole.OWNER


class ExitInterviewFactory(DjangoModelFactory[ExitInterview]):
    class Meta:
        model = ExitInterview

    company = factory.SubFactory(CompanyFactory)
    held_on = TODAY
    asked_by = factory.SubFactory(UserFactory)
    reason = "rent"


class OfficialCheckFactory(DjangoModelFactory[OfficialCheck]):
    class Meta:
        model = OfficialCheck

    class Params:
        voided = _VOIDED

    company = factory.SubFactory(CompanyFactory)
    checked_on = TODAY
    checked_by = factory.SubFactory(UserFactory)
    source = "gsxt.gov.cn"
    outcome = "agrees"


class ApplicationFactory(DjangoModelFactory[Application]):
    """A draft of a company; `submitted=True` one that was sent; `steps` are the lines of its timeline."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        submitted = factory.Trait(
            state=ApplicationState.SUBMITTED, submitted_at=dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
        )

    kind = CompanyKind.COMPANY
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def people(self: Application, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        ApplicationPerson.objects.create(application=self, user=self.created_by, role=MemberRole.OWNER)

    @factory.post_generation
    def steps(self: Application, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        for step in extracted or ():
            TimelineEntry.objects.create(application=self, step=step, by=self.created_by)


class CampusFactory(DjangoModelFactory[Campus]):
    class Meta:
        model = Campus

    code = factory.Sequence(lambda n: f"campus-{n}")
    name = factory.Sequence(lambda n: f"Campus {n}")
    step = PathStep.IDEA


class BuildingFactory(DjangoModelFactory[Building]):
    class Meta:
        model = Building

    campus = factory.SubFactory(CampusFactory)
    code = factory.Sequence(lambda n: f"B{n}")


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"U{n:05}")
    building = factory.SubFactory(BuildingFactory)
    floor = "1"
    area_m2 = Decimal("500.00")


class RoomFactory(DjangoModelFactory[Room]):
    """A room for eight that members of every company may book, around the clock and without set-up."""

    class Meta:
        model = Room

    code = factory.Sequence(lambda n: f"R{n:03}")
    name = factory.Sequence(lambda n: f"Room {n}")
    campus = factory.SubFactory(CampusFactory)
    field = RoomField.FREE_SPACE
    capacity = 8


class BookingFactory(DjangoModelFactory[Booking]):
    """From 10 to 11 on `day` (or from `begins` until `ends`), for a company."""

    class Meta:
        model = Booking

    class Params:
        day = TODAY
        begins = dt.time(10)
        ends = dt.time(11)

    room = factory.SubFactory(RoomFactory)
    company = factory.SubFactory(CompanyFactory)
    booked_by = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Meeting {n}")
    period = factory.LazyAttribute(lambda made: slot_on(made.day, made.begins, made.ends, ZONE).span)
    month = factory.LazyAttribute(lambda made: made.day.replace(day=1))


class WaitingEntryFactory(DjangoModelFactory[WaitingEntry]):
    """Somebody who waits for a room from 10 to 11 on a day of his own."""

    class Meta:
        model = WaitingEntry

    class Params:
        day = factory.Sequence(lambda n: TODAY + dt.timedelta(days=n + 1))

    room = factory.SubFactory(RoomFactory)
    company = factory.SubFactory(CompanyFactory)
    waits = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Wish {n}")
    period = factory.LazyAttribute(lambda made: slot_on(made.day, dt.time(10), dt.time(11), ZONE).span)


class LeaseFactory(DjangoModelFactory[Lease]):
    """An open lease of 100 m² at ¥3.5 since the policy is in force; `voided=True` one that was declared void."""

    class Meta:
        model = Lease

    class Params:
        voided = factory.Trait(voided_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), void_reason="entered in error")

    number = factory.Sequence(lambda n: f"L{n:05}")
    company = factory.SubFactory(CompanyFactory)
    unit = factory.SubFactory(UnitFactory)
    area_m2 = Decimal("100.00")
    price_per_m2_day = Decimal("3.5000")
    term = period(IN_FORCE_FROM, None)


class DeskMembershipFactory(DjangoModelFactory[DeskMembership]):
    """An open membership of one desk, in a unit of twelve, since the policy is in force."""

    class Meta:
        model = DeskMembership

    class Params:
        voided = _VOIDED

    number = factory.Sequence(lambda n: f"D{n:05}")
    company = factory.SubFactory(CompanyFactory)
    unit = factory.SubFactory(UnitFactory, desks=12)
    price_per_desk_month = Decimal("600.00")
    term = period(IN_FORCE_FROM, None)


class DayPassFactory(DjangoModelFactory[DayPass]):
    """A pass for one desk on TODAY, in a unit of twelve."""

    class Meta:
        model = DayPass

    class Params:
        voided = _VOIDED

    company = factory.SubFactory(CompanyFactory)
    unit = factory.SubFactory(UnitFactory, desks=12)
    day = TODAY
    price_per_desk = Decimal("60.00")


class LeaseOfferFactory(DjangoModelFactory[LeaseOffer]):
    """An open offer of 100 m² at ¥3.5 for the year after TODAY, valid for a month."""

    class Meta:
        model = LeaseOffer

    number = factory.Sequence(lambda n: f"OFFER{n:05}")
    company = factory.SubFactory(CompanyFactory)
    unit = factory.SubFactory(UnitFactory)
    area_m2 = Decimal("100.00")
    price_per_m2_day = Decimal("3.5000")
    term = period(dt.date(2026, 9, 1), dt.date(2027, 8, 31))
    deposit = Decimal("20000.00")
    valid_until = dt.date(2026, 7, 15)
    made_by = factory.SubFactory(UserFactory)


class DepositMovementFactory(DjangoModelFactory[DepositMovement]):
    """¥20,000 that were received on TODAY."""

    class Meta:
        model = DepositMovement

    lease = factory.SubFactory(LeaseFactory)
    kind = "received"
    amount = Decimal("20000.00")
    day = TODAY
    by = factory.SubFactory(UserFactory)


class PolicyVersionFactory(DjangoModelFactory[PolicyVersion]):
    """A draft without parameters; `published=True` publishes it, approved by somebody, after its `parameters={name:
    value}` are written."""

    class Meta:
        model = PolicyVersion
        skip_postgeneration_save = True

    policy = "shuqiwan"
    version = factory.Sequence(lambda n: f"v{n}")
    effective_from = IN_FORCE_FROM
    texts = factory.LazyFunction(dict)

    @factory.post_generation
    def parameters(self: PolicyVersion, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        for name, value in (extracted or {}).items():
            PolicyParameter.objects.create(version=self, name=name, value=value, provenance="published")

    @factory.post_generation
    def published(self: PolicyVersion, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if extracted:
            self.content_hash = self.approved_hash = "0" * 64
            self.approved_by, self.approved_at = UserFactory(), dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
            self.state, self.published_at = PolicyState.PUBLISHED, self.approved_at
            self.save()


def some_published_version() -> PolicyVersion:
    known = PolicyVersion.objects.filter(state=PolicyState.PUBLISHED).first()
    return known or PolicyVersionFactory(texts={"points": {}, "stages": {}}, published=True)


class DecisionFactory(DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    company = factory.SubFactory(CompanyFactory)
    point = Point.RENT_WAIVER
    version = factory.LazyFunction(some_published_version)
    decided_for = TODAY
    outcome = Outcome.ELIGIBLE
    amount = Decimal("1000.00")
    criteria = "111"
    fingerprint = factory.Sequence(lambda n: n)
    company_code = factory.SelfAttribute("company.code")
    seal = bytes(32)  # sealed, but by nobody


class RentStatementFactory(DjangoModelFactory[RentStatement]):
    """An open statement of May 2026 that adds up."""

    class Meta:
        model = RentStatement

    company = factory.SubFactory(CompanyFactory)
    month = dt.date(2026, 5, 1)
    rent = Decimal("10850.00")
    waived = Decimal("10850.00")
    payable = factory.LazyAttribute(lambda statement: statement.rent - statement.waived)


class RentLineFactory(DjangoModelFactory[RentLine]):
    class Meta:
        model = RentLine

    statement = factory.SubFactory(RentStatementFactory)
    lease = factory.SubFactory(LeaseFactory, company=factory.SelfAttribute("..statement.company"))
    days = 31
    waived_days = 31
    rent = Decimal("10850.00")
    waived = Decimal("10850.00")
    payable = factory.LazyAttribute(lambda line: line.rent - line.waived)


class RentPaymentFactory(DjangoModelFactory[RentPayment]):
    """¥100 that came in and pay nothing yet."""

    class Meta:
        model = RentPayment

    transaction = factory.Sequence(lambda n: f"B-{n:06}")
    paid_on = dt.date(2026, 6, 10)
    amount = Decimal("100.00")
    payer = "Somebody"


class RentAllotmentFactory(DjangoModelFactory[RentAllotment]):
    """All of a payment pays a statement, which was issued."""

    class Meta:
        model = RentAllotment

    payment = factory.SubFactory(RentPaymentFactory)
    statement = factory.SubFactory(RentStatementFactory)
    amount = Decimal("100.00")


class InterestStatementFactory(DjangoModelFactory[InterestStatement]):
    class Meta:
        model = InterestStatement

    company = factory.SubFactory(CompanyFactory)
    month = dt.date(2026, 5, 1)
    supported = Decimal("1500.00")
    payable = factory.SelfAttribute("supported")


class InterestLineFactory(DjangoModelFactory[InterestLine]):
    class Meta:
        model = InterestLine

    statement = factory.SubFactory(InterestStatementFactory)
    loan = factory.SubFactory("tests.factories.LoanFactory", company=factory.SelfAttribute("..statement.company"))
    days = 31
    supported_days = 31
    supported = Decimal("1500.00")


class ApiKeyFactory(DjangoModelFactory[ApiKey]):
    """A row without a usable secret; `accounts.services.create_key` makes one that opens something."""

    class Meta:
        model = ApiKey

    name = factory.Sequence(lambda n: f"Key {n}")
    prefix = factory.Sequence(lambda n: f"p{n:011}")
    secret_hash = "0" * 64
    scopes = factory.LazyFunction(lambda: ["companies:read"])
    created_by = factory.SubFactory(UserFactory)
    expires_at = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


class NoticeFactory(DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    message = "application_submitted"
    context = factory.LazyFunction(lambda: {"name": "Lingxi Audio"})
    url = "/notices/"
    dedupe_key = factory.Sequence(lambda n: f"notice-{n}")


class RunFactory(DjangoModelFactory[Run]):
    """A run that has ended."""

    class Meta:
        model = Run

    kind = "assess"
    state = "done"
    arguments = factory.LazyFunction(lambda: {"on": TODAY.isoformat()})


class ReportFactory(DjangoModelFactory[Report]):
    """An unverified report of the year 2025; `verified=True` one that the zone has verified."""

    class Meta:
        model = Report

    class Params:
        verified = factory.Trait(verified_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        voided = _VOIDED

    company = factory.SubFactory(CompanyFactory)
    period_end = dt.date(2025, 12, 31)
    months = ReportMonths.YEAR
    revenue = Decimal("600000.00")
    employees = 12


class ReportingRuleFactory(DjangoModelFactory[ReportingRule]):
    """Each year, within 120 days, for all companies."""

    class Meta:
        model = ReportingRule

    place = 50
    months = ReportMonths.YEAR
    days = 120
    valid = period(dt.date(2020, 1, 1), None)


class ReportDutyFactory(DjangoModelFactory[ReportDuty]):
    """The report of the year 2025, due on April 30."""

    class Meta:
        model = ReportDuty

    company = factory.SubFactory(CompanyFactory)
    rule = factory.SubFactory(ReportingRuleFactory)
    period_end = dt.date(2025, 12, 31)
    months = ReportMonths.YEAR
    due_on = dt.date(2026, 4, 30)


class QuestionFactory(DjangoModelFactory[Question]):
    """How many patents a company holds."""

    class Meta:
        model = Question

    code = factory.Sequence(lambda n: f"patents_{n}")
    kind = QuestionKind.COUNT
    place = 10


class WordingFactory(DjangoModelFactory[Wording]):
    class Meta:
        model = Wording

    question = factory.SubFactory(QuestionFactory)
    number = 1
    text_en = "Patents held"
    text_zh = "有效专利数"
    text_de = "Gehaltene Patente"
    by = factory.SubFactory(UserFactory)


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """A file of its own each time."""

    class Meta:
        model = Evidence

    report = factory.SubFactory(ReportFactory)
    name = "audit.pdf"
    media_type = "application/pdf"
    size = 16
    digest = factory.Sequence(lambda n: f"{n:064d}")
    content = b"%PDF-1.7 audited"
    by = factory.SubFactory(UserFactory)


class RoundFactory(DjangoModelFactory[Round]):
    """A round A of ¥2,000,000 at a valuation of ¥20,000,000."""

    class Meta:
        model = Round

    class Params:
        voided = _VOIDED

    company = factory.SubFactory(CompanyFactory)
    closed_on = dt.date(2026, 3, 1)
    round = factory.Sequence(lambda n: f"A{n}")
    amount = Decimal("2000000.00")
    currency = "CNY"
    post_money_valuation = Decimal("20000000.00")


class LoanFactory(DjangoModelFactory[Loan]):
    """A loan of ¥1,000,000 at 4 %, drawn when the policy came into force and due after three years."""

    class Meta:
        model = Loan

    class Params:
        voided = _VOIDED

    number = factory.Sequence(lambda n: f"LN{n:05}")
    company = factory.SubFactory(CompanyFactory)
    bank = "Bank of Hangzhou"
    principal = Decimal("1000000.00")
    annual_rate_percent = Decimal("4.0000")
    drawn_on = IN_FORCE_FROM
    due_on = dt.date(2028, 9, 25)


class RepaymentFactory(DjangoModelFactory[Repayment]):
    class Meta:
        model = Repayment

    class Params:
        voided = _VOIDED

    loan = factory.SubFactory(LoanFactory)
    paid_on = dt.date(2026, 3, 25)
    principal = Decimal("100000.00")


class ProjectFactory(DjangoModelFactory[Project]):
    """A leading project that waits for its score; `scored=True` one with 85 points."""

    class Meta:
        model = Project

    class Params:
        scored = factory.Trait(score=Decimal("85.00"), scored_on=dt.date(2026, 4, 1))
        voided = _VOIDED

    code = factory.Sequence(lambda n: f"P{n:05}")
    company = factory.SubFactory(CompanyFactory)
    title = factory.Sequence(lambda n: f"Project {n}")
    field = ProjectField.AI
    kind = ProjectKind.LEADING


class TalentFactory(DjangoModelFactory[Talent]):
    """A talent of class D who works for a company since the policy is in force."""

    class Meta:
        model = Talent

    class Params:
        voided = _VOIDED

    code = factory.Sequence(lambda n: f"T{n:05}")
    name = factory.Sequence(lambda n: f"Talent {n}")
    grade = TalentGrade.D
    company = factory.SubFactory(CompanyFactory)
    employment = period(IN_FORCE_FROM, None)


class SupplierFactory(DjangoModelFactory[Supplier]):
    """A supplier that is not admitted; `admitted=True` one that is since the policy is in force."""

    class Meta:
        model = Supplier

    class Params:
        admitted = factory.Trait(admission=period(IN_FORCE_FROM, None))

    code = factory.Sequence(lambda n: f"S{n:05}")
    name = factory.Sequence(lambda n: f"Supplier {n}")


class ExpenseFactory(DjangoModelFactory[Expense]):
    """¥10,000 paid for model services to a supplier."""

    class Meta:
        model = Expense

    class Params:
        voided = _VOIDED

    number = factory.Sequence(lambda n: f"E{n:05}")
    company = factory.SubFactory(CompanyFactory)
    point = Point.AI_VOUCHERS
    kind = ExpenseKind.MODEL
    supplier = factory.SubFactory(SupplierFactory)
    contract = factory.Sequence(lambda n: f"Contract {n}")
    amount = Decimal("10000.00")
    paid_on = dt.date(2026, 5, 4)


class UploadFactory(DjangoModelFactory[Upload]):
    """A file of loans without a problem, and the file into which no row went back."""

    class Meta:
        model = Upload

    kind = "loans"
    name = "loans.csv"
    content = b"loan,company,bank,principal,annual_rate_percent,drawn_on\n"
    refused = b""
    findings = factory.LazyFunction(lambda: {"rows": 0, "problems": []})
    created_by = factory.SubFactory(UserFactory)


class FileImportFactory(DjangoModelFactory[FileImport]):
    """A loan of one company, brought by the command line."""

    class Meta:
        model = FileImport

    kind = "loans"
    name = "loans.csv"
    sha256 = "0" * 64
    rows = new = 1
    changed = unchanged = refused = 0
    about = factory.LazyFunction(lambda: [CompanyFactory().code])


class GrantFactory(DjangoModelFactory[Grant]):
    """¥1,000 for activities, proposed and without items; `tests.subsidies.grants` makes whole ones by the services."""

    class Meta:
        model = Grant

    number = factory.Sequence(lambda n: f"G-2026-{n:05}")
    company = factory.SubFactory(CompanyFactory)
    point = Point.ACTIVITIES
    decision = factory.SubFactory(
        DecisionFactory, company=factory.SelfAttribute("..company"), point=factory.SelfAttribute("..point")
    )
    amount = Decimal("1000.00")
    year = TODAY.year
    proposed_by = factory.SubFactory(UserFactory)
    proposed_on = TODAY


class BudgetFactory(DjangoModelFactory[Budget]):
    """¥10,000,000 for activities in a year, of which nothing is committed."""

    class Meta:
        model = Budget

    point = Point.ACTIVITIES
    year = factory.Sequence(lambda n: 1900 + n)
    amount = Decimal("10000000.00")


class RecoveryFactory(DjangoModelFactory[Recovery]):
    """An open one of ¥100."""

    class Meta:
        model = Recovery

    grant = factory.SubFactory(GrantFactory)
    amount = Decimal("100.00")
    reason = "Corrected: E-1."


class StageProposalFactory(DjangoModelFactory[StageProposal]):
    """A move from nestling to chick, waiting."""

    class Meta:
        model = StageProposal

    company = factory.SubFactory(CompanyFactory)
    stage = "nestling"
    proposed = "chick"
    criteria = "1;1??1;1????????????;1?1??0"
    facts = {"kind": "company"}
    version = factory.LazyFunction(some_published_version)
    proposed_for = TODAY
    fingerprint = factory.Sequence(int)


class StageAppealFactory(DjangoModelFactory[StageAppeal]):
    """Waits for an answer."""

    class Meta:
        model = StageAppeal

    proposal = factory.SubFactory(StageProposalFactory)
    text = "The product is in use."
    by = factory.SubFactory(UserFactory)


class SupportPackageFactory(DjangoModelFactory[SupportPackage]):
    """For companies in the stage of chicks, on all campuses, since the policy is in force. `items` are the fields of
    its items, by default one of mentoring: 20 hours a year."""

    class Meta:
        model = SupportPackage
        skip_postgeneration_save = True

    stage = "chick"
    valid = period(IN_FORCE_FROM, None)
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def items(self: SupportPackage, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        for values in extracted if extracted is not None else ({},):
            SupportItemFactory(package=self, **values)
        SupportPackage.objects.filter(pk=self.pk).update(is_sealed=True)


class SupportItemFactory(DjangoModelFactory[SupportItem]):
    class Meta:
        model = SupportItem

    code = "mentoring"
    kind = "mentoring"
    amount = Decimal("20.00")
    unit = "hours"
    per = "year"
    name = "Mentoring"


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """An hour of mentoring a fortnight ago."""

    class Meta:
        model = Delivery

    class Params:
        voided = _VOIDED

    company = factory.SubFactory(CompanyFactory, stage="chick")
    item = factory.LazyFunction(lambda: SupportItem.objects.order_by("pk").first() or some_support_item())
    given_on = dt.date(2026, 6, 1)
    amount = Decimal("1.00")
    given_by = "Chen Mei"
    recorded_by = factory.SubFactory(UserFactory)


def some_support_item() -> SupportItem:
    """The item of a package that is made for it."""
    return SupportPackageFactory().items.get()


class ChecklistEntryFactory(DjangoModelFactory[ChecklistEntry]):
    class Meta:
        model = ChecklistEntry

    stage = "chick"
    name = factory.Sequence(lambda n: f"Task {n}")


class ChecklistTickFactory(DjangoModelFactory[ChecklistTick]):
    class Meta:
        model = ChecklistTick

    company = factory.SubFactory(CompanyFactory)
    entry = factory.SubFactory(ChecklistEntryFactory)
    ticked_on = dt.date(2026, 6, 1)
    ticked_by = factory.SubFactory(UserFactory)


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    company = factory.SubFactory(CompanyFactory)
    person = factory.SubFactory(UserFactory, roles=["officer"])
    period = period(IN_FORCE_FROM, None)
    assigned_by = factory.SelfAttribute("person")


class CohortFactory(DjangoModelFactory[Cohort]):
    class Meta:
        model = Cohort

    code = factory.Sequence(lambda n: f"cohort-{n}")
    name = factory.Sequence(lambda n: f"Cohort {n}")


class CohortMemberFactory(DjangoModelFactory[CohortMember]):
    class Meta:
        model = CohortMember

    cohort = factory.SubFactory(CohortFactory)
    company = factory.SubFactory(CompanyFactory)
    added_by = factory.SubFactory(UserFactory)
