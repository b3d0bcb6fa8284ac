"""Financing rounds of companies: who invested how much, and at which valuation."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import (
    NUMBER_FORM,
    NUMBER_LENGTH,
    NUMBER_PATTERN,
    calendar_day,
    never_deleted,
    number_form,
    void_has_reason,
    within,
)
from core.money import FEN, YUAN
from core.records import Voidable
from funding.querysets import RoundQuerySet

CURRENCY_PATTERN = r"^[A-Z]{3}$"
CURRENCY_FORM = _("Use the three-letter code of the currency, such as CNY or USD.")
MOST = Decimal(10) ** 15  # of any currency: a thousand million dollars are some 10**13 of the smallest ones
TOO_MUCH = _("An amount is more than 0 and at most 1,000,000,000,000,000.")
RATE_PLACES = 8
LEAST_RATE, MOST_RATE = Decimal("0.00000001"), Decimal(10_000)
INVESTORS_LENGTH = 1000


def _amount(name: Any) -> models.DecimalField:
    """In the round's currency; may be unknown."""
    bounds = [MinValueValidator(FEN), MaxValueValidator(MOST)]
    return models.DecimalField(name, max_digits=18, decimal_places=2, null=True, blank=True, validators=bounds)


@audited()
class Round(Voidable):
    """A round that was closed on a day. Unknown is null or empty, never 0.

    `amount` and `post_money_valuation` are in `currency`; `cny_rate` is what one unit of it was worth in yuan then, and
    1 or unknown for yuan. `investors` are names with `;` between them.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="rounds", verbose_name=_("company"))
    closed_on = models.DateField(_("closed on"))
    round = models.CharField(
        _("round"), max_length=NUMBER_LENGTH, validators=[RegexValidator(NUMBER_PATTERN, NUMBER_FORM)]
    )
    amount = _amount(_("amount in the currency of the round"))
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[RegexValidator(CURRENCY_PATTERN, CURRENCY_FORM)]
    )
    investors = models.CharField(
        _("investors"), max_length=INVESTORS_LENGTH, blank=True, help_text=_("Names with a semicolon between them.")
    )
    post_money_valuation = _amount(_("valuation after the round"))
    cny_rate = models.DecimalField(
        _("yuan for one unit of the currency"),
        max_digits=13,
        decimal_places=RATE_PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_RATE), MaxValueValidator(MOST_RATE)],
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("financing round")
        verbose_name_plural = _("financing rounds")
        ordering = ["company", "-closed_on", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "closed_on", "round"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This round of this day is on record already: change that one."),
                violation_error_code="closed_already",
            ),
            calendar_day("closed_on"),
            number_form("round"),
            within("amount", FEN, MOST, TOO_MUCH),
            within("post_money_valuation", FEN, MOST, TOO_MUCH),
            within(
                "cny_rate",
                LEAST_RATE,
                MOST_RATE,
                _("One unit of a currency is worth more than 0 and at most ¥10,000."),
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__regex=CURRENCY_PATTERN),
                name="%(app_label)s_%(class)s_currency_form",
                violation_error_message=CURRENCY_FORM,
            ),
            models.CheckConstraint(
                condition=~Q(currency="") | Q(amount=None, post_money_valuation=None, cny_rate=None),
                name="%(app_label)s_%(class)s_in_a_currency",
                violation_error_message=_("Say in which currency the amounts of the round are."),
                violation_error_code="no_currency",
            ),
            models.CheckConstraint(
                condition=~Q(currency=YUAN) | Q(cny_rate=None) | Q(cny_rate=1),
                name="%(app_label)s_%(class)s_yuan_for_yuan",
                violation_error_message=_("One yuan is worth one yuan: leave the rate empty."),
            ),
            void_has_reason(),
        ]
        indexes = [
            models.Index(fields=["company"], condition=Q(voided_at=None), name="funding_round_company_valid"),
            # What a dollar was worth in yuan, for valuations in other currencies.
            models.Index(
                fields=["closed_on"],
                condition=Q(voided_at=None, currency="USD", cny_rate__isnull=False),
                name="funding_round_dollar_rates",
            ),
        ]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return f"{self.company.code} {self.round} {self.closed_on}"

    @property
    def rate(self) -> Decimal | None:
        """Yuan for one unit of the currency."""
        return Decimal(1) if self.currency == YUAN else self.cny_rate

    @property
    def investor_names(self) -> list[str]:
        return [name.strip() for name in self.investors.split(";") if name.strip()]
