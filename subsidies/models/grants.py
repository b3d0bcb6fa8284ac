"""Grants: the zone's act that gives a company what a decision says it is entitled to, once.

A grant holds what it rests on (`items`) while it is proposed, approved or paid. Whoever proposes it never approves it.
The sums are kept by the ledger alone (`ledger`).

When a correction shows later that more is due for the same items by the law of the same day, a *supplement* to the
grant gives the difference. It holds the items together with the grant that it supplements, and ends before it does.
"""

import datetime as dt
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import never_deleted, number_field, number_form, one_of, within
from core.money import FEN, MOST_YUAN, MoneyField
from subsidies.choices import GRANTED, GRANTED_POINTS, HOLDING, GrantPart, GrantState, Point
from subsidies.models.decisions import Decision
from subsidies.models.supplements import HOLDING_STATES, supplement_triggers
from subsidies.querysets import GrantQuerySet

_FIXED = (
    "id", "public_id", "number", "company_id", "point", "part", "decision_id", "amount", "year", "supplement_to_id",
    "due_in_all", "correction",
)  # fmt: skip
_SUMS = ("committed", "paid", "recovered")


def _columns(row: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{name}" for name in names)


def differs(*names: str) -> str:
    """SQL: one of the columns is changed by an update."""
    return f"(({_columns('NEW', names)}) IS DISTINCT FROM ({_columns('OLD', names)}))"


def only_by_the_ledger(*names: str) -> list[pgtrigger.Trigger]:
    """Sums that only the trigger of the ledger changes, whoever writes: an update of its own is refused."""
    from_nothing = " OR ".join(f"NEW.{name} <> 0" for name in names)
    return [
        pgtrigger.Protect(
            name="sums_by_ledger",
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"pg_trigger_depth() = 0 AND {differs(*names)}"),
        ),
        pgtrigger.Protect(
            name="sums_from_nothing", operation=pgtrigger.Insert, condition=pgtrigger.Condition(from_nothing)
        ),
    ]


@audited(exclude=["reviewed_at", "more_due"])
class Grant(models.Model):
    """What the zone gives a company for a point and year, resting on a decision.

    `part` is the kind of voucher, and "" for every other point. `year` is the calendar year in which it was proposed,
    or the one before where it was proposed late: its budget and its yearly maximum are those of that year.
    `granted_on` is the day as of which it was decided again when it was approved. `committed`, `paid` and `recovered`
    are what the ledger adds up to. `more_due` is what a review found to be due for its items beyond what it and its
    supplements give.

    Of a supplement, `supplement_to` is the grant whose items it gives more for, as of the day of that one
    (`granted_on`), and out of the budget of its own year; `due_in_all` what is due for them in all, and `correction`
    why.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    number = number_field(_("grant"), taken=_("There is a grant with this number already."))
    company = models.ForeignKey(Company, models.PROTECT, related_name="grants", verbose_name=_("company"))
    point = models.CharField(_("point"), max_length=16, choices=Point)
    part = models.CharField(_("kind of voucher"), max_length=8, choices=GrantPart, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="grants", verbose_name=_("decision"))
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN), MaxValueValidator(MOST_YUAN)])
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=10, choices=GrantState, default=GrantState.PROPOSED)
    committed = MoneyField(_("committed"), default=Decimal(0), editable=False)
    paid = MoneyField(_("paid"), default=Decimal(0), editable=False)
    recovered = MoneyField(_("recovered"), default=Decimal(0), editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants_proposed")
    proposed_on = models.DateField(_("proposed on"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="grants_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="grants_paid"
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="grants_ended"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    supplement_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supplements", verbose_name=_("supplement to")
    )
    due_in_all = MoneyField(_("due in all"), null=True, blank=True)
    correction = models.TextField(_("what was corrected"), blank=True)
    more_due = MoneyField(_("more is due"), default=Decimal(0), editable=False)
    reason = models.TextField(_("reason"), blank=True)  # why it was refused, withdrawn or revoked
    reviewed_at = models.DateTimeField(db_default=Now(), editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-proposed_on", "-pk"]
        constraints = [
            number_form("number"),
            one_of("point", [point.value for point in GRANTED_POINTS]),
            models.CheckConstraint(
                condition=Q(point=Point.AI_VOUCHERS, part__in=GrantPart.values)
                | (~Q(point=Point.AI_VOUCHERS) & Q(part="")),
                name="%(app_label)s_%(class)s_part_of_voucher",
            ),
            within("amount", FEN, MOST_YUAN, _("A grant is more than 0 and at most ¥10,000,000,000.")),
            models.CheckConstraint(
                condition=Q(proposed_on__year=F("year")) | Q(proposed_on__year=F("year") + 1),
                name="%(app_label)s_%(class)s_year_of_proposal",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Whoever proposed a grant does not decide on it: another person does."),
                violation_error_code="four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*GRANTED, GrantState.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="%(app_label)s_%(class)s_decided_by",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=GRANTED) | Q(granted_on__isnull=False),
                name="%(app_label)s_%(class)s_granted_on",
            ),
            models.CheckConstraint(
                condition=~Q(state=GrantState.PAID) | Q(paid_by__isnull=False, paid_on__isnull=False, paid__gt=0),
                name="%(app_label)s_%(class)s_paid_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=HOLDING) | (~Q(reason="") & Q(committed=F("recovered"))),
                name="%(app_label)s_%(class)s_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(committed__lte=F("amount")), name="%(app_label)s_%(class)s_committed_within"
            ),
            models.CheckConstraint(condition=Q(paid__lte=F("committed")), name="%(app_label)s_%(class)s_paid_within"),
            models.CheckConstraint(
                condition=Q(recovered__lte=F("paid"), recovered__gte=0),
                name="%(app_label)s_%(class)s_recovered_within",
            ),
            models.CheckConstraint(
                condition=Q(supplement_to=None, due_in_all=None, correction="")
                | (Q(supplement_to__isnull=False, due_in_all__gte=F("amount"), more_due=0) & ~Q(correction="")),
                name="%(app_label)s_%(class)s_supplement",
            ),
            models.CheckConstraint(condition=Q(more_due__gte=0), name="%(app_label)s_%(class)s_more_due"),
            models.UniqueConstraint(
                fields=["company", "point", "part"],
                condition=Q(state=GrantState.PROPOSED),
                name="%(app_label)s_%(class)s_one_proposed",
                violation_error_code="proposed_already",
            ),
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(point=Point.SETTLEMENT, state__in=HOLDING, supplement_to=None),
                name="%(app_label)s_%(class)s_settlement_once",
                violation_error_code="granted_already",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "point"], name="subsidies_grant_queue"),
            models.Index(fields=["company"], condition=Q(state__in=GRANTED), name="subsidies_grant_granted"),
            models.Index(fields=["point"], condition=Q(more_due__gt=0), name="subsidies_grant_more_due"),
        ]
        triggers = [
            never_deleted(),
            *never_of_merged(),
            *only_by_the_ledger(*_SUMS),
            pgtrigger.Protect(
                name="never_rewritten", operation=pgtrigger.Update, condition=pgtrigger.Condition(differs(*_FIXED))
            ),
            pgtrigger.Protect(
                name="committed_when_approved",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'proposed' AND NEW.state = 'approved' AND NEW.committed = 0"
                ),
            ),
            pgtrigger.FSM(
                name="state_by_state",
                field="state",
                transitions=[
                    ("proposed", "approved"),
                    ("proposed", "refused"),
                    ("proposed", "withdrawn"),
                    ("approved", "paid"),
                    ("approved", "revoked"),
                    ("paid", "revoked"),
                ],
            ),
            pgtrigger.Protect(
                name="proposed_first", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__state__df="proposed")
            ),
            *supplement_triggers(),
            pgtrigger.Trigger(
                name="holds_items",
                operation=pgtrigger.UpdateOf("state"),
                when=pgtrigger.After,
                condition=pgtrigger.Condition(
                    f"((NEW.state IN ({HOLDING_STATES})) IS DISTINCT FROM (OLD.state IN ({HOLDING_STATES})))"
                ),
                func=f"""
                    UPDATE subsidies_grantitem SET held = NEW.state IN ({HOLDING_STATES}) WHERE grant_id = NEW.id;
                    UPDATE subsidies_grantedcontract SET held = NEW.state IN ({HOLDING_STATES}) WHERE grant_id = NEW.id;
                    RETURN NULL;
                """,  # noqa: S608
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def last_day(self) -> dt.date:
        """The last day of the grant's year: what is decided later is decided as of this day."""
        return dt.date(self.year, 12, 31)

    @property
    def first(self) -> "Grant":
        """The grant that this one supplements, or itself."""
        return self.supplement_to or self

    @property
    def in_all(self) -> Decimal:
        """What was due for its items in all when it was granted: of a supplement more than it gives itself."""
        return self.amount if self.due_in_all is None else self.due_in_all

    @property
    def gives(self) -> Decimal:
        """What is left of it: committed, and not paid back."""
        return self.committed - self.recovered
