"""Choices of the policy, its decisions, the rent statements and the grants. The codes are those of the interchange
formats."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Point(models.TextChoices):
    SETTLEMENT = "settlement", _("settlement support")
    RENT_WAIVER = "rent_waiver", _("rent waiver")
    TALENT = "talent", _("talent award")
    LEADING_PROJECT = "leading_project", _("leading-project award")
    ANGEL_FUND = "angel_fund", _("angel fund")
    LOAN_INTEREST = "loan_interest", _("interest support")
    AI_VOUCHERS = "ai_vouchers", _("model and compute vouchers")
    ACTIVITIES = "activities", _("activities")


# Billed by the month, and given by issuing it; the six others are decided once or by the year, and granted.
BILLED_POINTS = (Point.RENT_WAIVER, Point.LOAN_INTEREST)
GRANTED_POINTS = (
    Point.SETTLEMENT,
    Point.TALENT,
    Point.LEADING_PROJECT,
    Point.ANGEL_FUND,
    Point.AI_VOUCHERS,
    Point.ACTIVITIES,
)

# Points that count the costs paid in a calendar year: what was paid late in it can be proposed in the year after.
POINTS_OF_COSTS_OF_THE_YEAR = (Point.AI_VOUCHERS, Point.ACTIVITIES)


class ExpenseKind(models.TextChoices):
    """What a cost for vouchers was paid for."""

    MODEL = "model", _("model services")
    COMPUTE = "compute", _("computing power")
    COMPUTE_OTHER = "compute_other", _("other computing facilities")


class GrantPart(models.TextChoices):
    """The kinds of voucher, each of which has a yearly maximum and is granted by itself."""

    MODEL = "model", _("model vouchers")
    COMPUTE = "compute", _("compute vouchers")


# By what a cost was paid for: the kind of voucher that it does not count for.
OTHER_PART = {
    ExpenseKind.MODEL: GrantPart.COMPUTE, ExpenseKind.COMPUTE: GrantPart.MODEL,
    ExpenseKind.COMPUTE_OTHER: GrantPart.MODEL,
}  # fmt: skip


class GrantState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    PAID = "paid", _("paid")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVOKED = "revoked", _("revoked")


# A grant in one of these states gives something; one that is proposed holds its items all the same, so that nobody
# proposes them a second time.
GRANTED = (GrantState.APPROVED, GrantState.PAID)
HOLDING = (GrantState.PROPOSED, *GRANTED)


class EntryKind(models.TextChoices):
    """What a line of the ledger does."""

    COMMITMENT = "commitment", _("commitment")
    RELEASE = "release", _("release")
    PAYMENT = "payment", _("payment")
    RECOVERY = "recovery", _("recovery")


class RecoveryState(models.TextChoices):
    OPEN = "open", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    SETTLED = "settled", _("settled")
    DROPPED = "dropped", _("dropped")


class Outcome(models.TextChoices):
    ELIGIBLE = "eligible", _("eligible")
    NOT_ELIGIBLE = "not_eligible", _("not eligible")
    UNKNOWN = "unknown", _("unknown")


class Provenance(models.TextChoices):
    PUBLISHED = "published", _("published by the zone")
    ADOPTED = "adopted", _("adopted from another public body")
    ASSUMED = "assumed", _("assumed until the zone confirms it")


class PolicyState(models.TextChoices):
    """How far a version is. *Superseded* is never stored: it is what a published version is on a day on which a later
    one is in force (`PolicyVersion.state_on`)."""

    DRAFT = "draft", _("draft")
    SIMULATED = "simulated", _("in simulation")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")


class PolicyChange(models.TextChoices):
    """What a draft of the policy means for one company and point; the codes are those of `rules.simulation`."""

    STOPS = "stops", _("no longer eligible")
    LESS = "less", _("gets less")
    BECOMES = "becomes", _("becomes eligible")
    MORE = "more", _("gets more")
    OPENS = "opens", _("becomes unknown")
    CLOSES = "closes", _("no longer unknown")


class StatementState(models.TextChoices):
    OPEN = "open", _("open")
    ISSUED = "issued", _("issued")


class RentState(models.TextChoices):
    """How far a rent statement is. *Settled* is never stored: it is what an issued one is once it is paid in full."""

    OPEN = "open", _("open")
    ISSUED = "issued", _("issued")
    SETTLED = "settled", pgettext_lazy("of a rent statement", "settled")


class PaymentState(models.TextChoices):
    """How far a payment of rent is; none of it is stored."""

    UNMATCHED = "unmatched", _("to be matched")
    LEFT = "left", _("a part is left")
    USED = "used", _("matched")
    REVERSED = "reversed", _("reversed")


class ReminderLevel(models.IntegerChoices):
    """The steps by which a company is asked for rent that is overdue, in their order."""

    REMINDER = 1, _("reminder")
    SECOND = 2, _("second reminder")
    NOTICE = 3, _("notice of default")


class AdjustmentReason(models.TextChoices):
    """What was corrected after a statement was issued."""

    LEASE_ADDED = "lease_added", _("a lease was entered later")
    LEASE_REMOVED = "lease_removed", _("a lease was withdrawn")
    TERM = "term", _("the days of the lease were corrected")
    AREA = "area", _("the leased area was corrected")
    PRICE = "price", _("the price was corrected")
    REGISTRATION = "registration", _("the registration in the zone was corrected")
    OPERATION = "operation", _("the period of operation was corrected")
    WINDOW = "window", _("the months of the rent waiver were corrected")
    SHARED_AREA = "shared_area", _("another lease takes a different part of the waived area")
    LOAN_ADDED = "loan_added", _("a loan was entered later")
    LOAN_REMOVED = "loan_removed", _("a loan was withdrawn")
    LOAN_DAYS = "loan_days", _("the days on which the loan is owed were corrected")
    BALANCE = "balance", _("what is owed on the loan was corrected")
    RATE = "rate", _("the rate of the loan was corrected")
    REFERENCE = "reference", _("the reference rate of the loan was corrected")
    PREMISES = "premises", _("the leases of the company were corrected")
    INTEREST_WINDOW = "interest_window", _("the months of interest support were corrected")
    SHARED_PRINCIPAL = "shared_principal", _("another loan takes a different part of the supported principal")
    POLICY = "policy", _("the policy was changed")


class ProposalState(models.TextChoices):
    """How far a proposal of a stage is. *Superseded*: the evidence speaks for another move now, or for none."""

    OPEN = "open", pgettext_lazy("of a proposed stage", "open")
    CONFIRMED = "confirmed", pgettext_lazy("of a proposed stage", "confirmed")
    REFUSED = "refused", pgettext_lazy("of a proposed stage", "refused")
    SUPERSEDED = "superseded", pgettext_lazy("of a proposed stage", "superseded")
