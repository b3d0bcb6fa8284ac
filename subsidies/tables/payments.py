"""The tables of payments of rent, of a company's own, and of what is overdue."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import markup
from core.markup import NOTHING, Tone
from core.periods import Day
from core.tables import (
    FIGURES,
    DayColumn,
    MoneyColumn,
    MonthColumn,
    NumberColumn,
    PillColumn,
    PortalTable,
    TwoScriptColumn,
)
from subsidies.arrears import bucket_of, days_overdue, next_level
from subsidies.choices import PaymentState, ReminderLevel
from subsidies.models import RentPayment, RentStatement

PAYMENT_TONES: dict[str, Tone] = {"unmatched": "wait", "left": "info", "used": "good", "reversed": "bad"}
AGE_TONES: dict[str, Tone] = {"not_due": "quiet", "to_30": "wait", "to_60": "wait", "to_90": "bad", "over_90": "bad"}


class _StateColumn(PillColumn):
    """How far a payment is: none of it is stored."""

    def __init__(self, **kwargs: Any):
        super().__init__(PAYMENT_TONES, accessor="state", orderable=False, **kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        del bound_column
        return markup.pill(str(PaymentState(value).label), self.tones[record.state])


class CompanyPaymentTable(PortalTable):
    """A company's own payments, as it sees them."""

    region = "payments"
    caption = _("Payments of rent")
    empty_title = _("No payments yet")
    empty_hint = _("What came in at the bank is here once the zone has recorded it.")

    paid_on = DayColumn(verbose_name=_("Paid on"))
    reference = tables.Column(verbose_name=_("Reference"), orderable=False)
    state = _StateColumn(verbose_name=_("State"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    left = MoneyColumn(verbose_name=_("Left of it"), orderable=False)

    class Meta:
        model = RentPayment
        fields: tuple[str, ...] = ()


class RentPaymentTable(CompanyPaymentTable):
    """`proposed`: by the id of a payment, the statement that it most likely pays."""

    empty_title = _("No payments found")
    empty_hint = _("Record one, or bring the file of the bank.")

    company = TwoScriptColumn(
        accessor="company", verbose_name=_("Company"), order_by="company__name_key", default=NOTHING
    )  # fmt: skip
    payer = tables.Column(verbose_name=_("Payer"))
    proposal = tables.Column(empty_values=(), verbose_name=_("Proposal"), orderable=False)

    class Meta(CompanyPaymentTable.Meta):
        sequence = ("paid_on", "company", "payer", "reference", "state", "proposal", "amount", "left")

    def __init__(self, *args: Any, proposed: dict[int, RentStatement], **kwargs: Any):
        self.proposed = proposed
        super().__init__(*args, **kwargs)

    def render_paid_on(self, record: RentPayment) -> SafeString:
        return format_html(
            '<a class="zp-row-link zp-num" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("subsidies:payment", args=[record.public_id]), record.paid_on.isoformat(), record.transaction,
        )  # fmt: skip

    def render_proposal(self, record: RentPayment) -> str:
        statement = self.proposed.get(record.pk)
        return f"{statement.company.code} {statement.month:%Y-%m}" if statement else NOTHING


class ArrearsTable(PortalTable):
    """What is owed, a statement a row, as of a day."""

    region = "arrears"
    caption = _("Arrears")
    empty_title = _("Nothing is owed")
    empty_hint = _("Statements that were issued and are not paid in full stand here.")

    month = MonthColumn(verbose_name=_("Month"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    due_on = DayColumn(verbose_name=_("Due on"), order_by="issued_at")
    days = NumberColumn(empty_values=(), verbose_name=_("Days overdue"), orderable=False)
    age = tables.Column(empty_values=(), verbose_name=_("Age"), orderable=False)
    last_level = tables.Column(verbose_name=_("Last step"))
    proposal = tables.Column(empty_values=(), verbose_name=_("Proposed"), orderable=False, attrs=FIGURES)
    open_amount = MoneyColumn(verbose_name=pgettext_lazy("rent", "Open"))

    class Meta:
        model = RentStatement
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, on: Day, **kwargs: Any):
        self.on = on
        super().__init__(*args, **kwargs)

    def render_month(self, record: RentStatement) -> SafeString:
        return format_html(
            '<a class="zp-row-link zp-num" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("subsidies:statement", args=[record.public_id]), f"{record.month:%Y-%m}", record.company.code,
        )  # fmt: skip

    def render_days(self, record: RentStatement) -> str:
        return markup.number(max(days_overdue(record, self.on), 0))

    def render_age(self, record: RentStatement) -> SafeString:
        found = bucket_of(record, self.on)
        return markup.pill(str(found.label), AGE_TONES[found.code])

    def render_last_level(self, record: Any) -> str:
        if not record.last_level:
            return NOTHING
        return f"{ReminderLevel(record.last_level).label} {record.last_sent_on}"

    def render_proposal(self, record: RentStatement) -> str:
        level = next_level(record, self.on)
        return str(level.label) if level else NOTHING
