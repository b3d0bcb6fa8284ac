"""Support that was given. Nobody is given more than the list of his stage says, whoever writes."""

import uuid
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.choices import COUNTED
from community.models.packages import LEAST, MOST, SupportItem
from community.querysets.support import DeliveryQuerySet
from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, void_has_reason, within
from core.records import Voidable

BEYOND = "community_delivery_within_support"
LONGEST_NOTE = 2_000


def within_support() -> pgtrigger.Trigger:
    """What was given of an item in its month, year or in all is never more than the item says. The company's row is
    held, so that of two people at the same moment the second waits, and then counts what the first gave.

    A merge gives rows to another company: what both received stays, also where it is more together.
    """
    counted = ", ".join(f"'{kind.value}'" for kind in COUNTED)
    return pgtrigger.Trigger(
        name="within_support",
        level=pgtrigger.Row,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("amount", "given_on", "item_id", "voided_at"),
        when=pgtrigger.After,
        condition=pgtrigger.Condition("NEW.voided_at IS NULL"),
        declare=[("rule", "record"), ("used", "numeric")],
        func=f"""
            PERFORM FROM companies_company WHERE id = NEW.company_id FOR NO KEY UPDATE;
            SELECT item.code, item.kind, item.amount, item.per, package.valid INTO rule
                FROM community_supportitem item JOIN community_supportpackage package ON package.id = item.package_id
                WHERE item.id = NEW.item_id;
            IF rule.kind NOT IN ({counted}) THEN
                RAISE EXCEPTION 'item % is counted elsewhere', rule.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'community_delivery_counted_here';
            END IF;
            IF TG_OP = 'UPDATE' THEN
                IF OLD.voided_at IS NULL AND OLD.amount >= NEW.amount AND OLD.given_on = NEW.given_on
                    AND OLD.item_id = NEW.item_id THEN
                    RETURN NULL; -- nothing more is given than before
                END IF;
            END IF;
            IF NOT rule.valid @> NEW.given_on THEN
                RAISE EXCEPTION 'item % is not given on %', rule.code, NEW.given_on
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'community_delivery_in_force';
            END IF;
            IF rule.amount IS NULL THEN
                RETURN NULL;
            END IF;
            SELECT COALESCE(sum(delivery.amount), 0) INTO used
                FROM community_delivery delivery JOIN community_supportitem item ON item.id = delivery.item_id
                WHERE delivery.company_id = NEW.company_id AND delivery.voided_at IS NULL AND item.code = rule.code
                    AND (rule.per = 'once' OR date_trunc(rule.per, delivery.given_on::timestamp)
                        = date_trunc(rule.per, NEW.given_on::timestamp));
            IF used > rule.amount THEN
                RAISE EXCEPTION 'company % was given % of item %, of %', NEW.company_id, used, rule.code, rule.amount
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{BEYOND}';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - the portal's own codes
    )


@audited()
class Delivery(Voidable):
    """So much of an item was given to a company on a day, by whom, and who recorded it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="deliveries", verbose_name=_("company"))
    item = models.ForeignKey(SupportItem, models.PROTECT, related_name="deliveries", verbose_name=_("support"))
    given_on = models.DateField(_("given on"))
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=2, default=Decimal(1),
        validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)],
    )  # fmt: skip
    given_by = models.CharField(_("given by"), max_length=120)
    note = models.TextField(_("note"), max_length=LONGEST_NOTE, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("support given")
        verbose_name_plural = _("support given")
        ordering = ["-given_on", "-pk"]
        constraints = [
            within("amount", LEAST, MOST, _("An amount is between 0.01 and 100,000.")),
            calendar_day("given_on"),
            void_has_reason(),
        ]
        indexes = [
            models.Index(fields=["company"], condition=models.Q(voided_at=None), name="community_delivery_valid")
        ]
        triggers = [never_deleted(), *never_of_merged(), within_support()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.item} {self.given_on}"
