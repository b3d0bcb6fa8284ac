"""What a company has to pay back of a grant that was paid, after a fact that it rests on was corrected."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import never_deleted
from core.money import FEN, MoneyField
from subsidies.choices import RecoveryState
from subsidies.models.grants import Grant, differs
from subsidies.querysets import RecoveryQuerySet

UNSETTLED = (RecoveryState.OPEN, RecoveryState.CONFIRMED)


@audited()
class Recovery(models.Model):
    """The portal works out an open one again while its facts change; an approver confirms it, and from then on its
    amount stands; the treasurer settles it. `opened_by` is None where the portal found it; `arithmetic` is what the
    grant was reckoned with before and now."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="recoveries", verbose_name=_("grant"))
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN)])
    state = models.CharField(_("state"), max_length=10, choices=RecoveryState, default=RecoveryState.OPEN)
    reason = models.TextField(_("reason"))
    arithmetic = models.JSONField(default=dict, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_opened"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_confirmed"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_settled"
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(app_label)s_%(class)s_above_nothing"),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dropped"]) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="%(app_label)s_%(class)s_confirmed_by",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_by__isnull=False, settled_on__isnull=False),
                name="%(app_label)s_%(class)s_settled_by",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(opened_by=None) | ~Q(confirmed_by=F("opened_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Whoever opened a recovery does not confirm it: another person does."),
                violation_error_code="four_eyes",
            ),
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(state__in=UNSETTLED),
                name="%(app_label)s_%(class)s_one_unsettled",
                violation_error_message=_("A recovery of this grant is under way already."),
                violation_error_code="recovered_already",
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.FSM(
                name="state_by_state",
                field="state",
                transitions=[("open", "confirmed"), ("open", "dropped"), ("confirmed", "settled")],
            ),
            pgtrigger.Protect(
                name="stands_when_confirmed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state <> 'open' AND {differs('grant_id', 'amount', 'reason', 'arithmetic')}"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.amount} {self.state}"
