"""Acts on support that was given: record it, correct it, declare it void.

Each is atomic, wants an officer who is not of the company (NotAllowed), and refuses more than the company's list says
(Conflict): the database does too, whoever writes.
"""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from community.choices import COUNTED
from community.models import Delivery, SupportItem
from community.models.deliveries import BEYOND
from community.permissions import can_give_support, refuse_stranger
from community.support import bounds, item_on, line_of
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, DomainError, Incomplete
from core.markup import plain_number
from core.periods import Day


@transaction.atomic
def record_delivery(
    *, company: Company, support: str, given_on: Day, amount: Decimal, given_by: str, note: str = "", by: User, on: Day
) -> Delivery:
    """So much of the item with the code `support` was given on the day; `on` is the present one. What counts is the
    list that the company had on the day."""
    refuse_stranger(can_give_support(by, company))
    if given_on > on:
        message = _("It was given on %(on)s or before.") % {"on": on}
        raise Incomplete(message, fields={"given_on": [message]})
    _hold(company)
    item = item_on(company, support, given_on)
    if item is None or item.kind not in COUNTED:
        words = {"company": company.name, "day": given_on, "support": support}
        message = _("On %(day)s the list of %(company)s has nothing to record under %(support)s.") % words
        raise Incomplete(message, code="not_on_the_list", fields={"support": [message]})
    made = Delivery(company=company, item=item, given_on=given_on, recorded_by=by)
    return _stored(made, amount=amount, given_by=given_by, note=note)


@transaction.atomic
def change_delivery(*, delivery: Delivery, amount: Decimal, given_by: str, note: str, by: User) -> Delivery:
    """Correct what was entered; the company, the item and the day stay."""
    refuse_stranger(can_give_support(by, delivery.company))
    _hold(delivery.company)
    return _stored(records.hold(delivery), amount=amount, given_by=given_by, note=note)


@transaction.atomic
def void_delivery(*, delivery: Delivery, reason: str, by: User) -> Delivery:
    """It was entered in error: what it used is left again, and it stays on record with the reason."""
    refuse_stranger(can_give_support(by, delivery.company))
    return _told(records.declare_void(records.hold(delivery), reason))


def _hold(company: Company) -> None:
    """The row that the trigger holds too: who comes second waits here, and is then told what is left."""
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)


def _stored(made: Delivery, *, amount: Decimal, given_by: str, note: str) -> Delivery:
    had = made.amount if made.pk else Decimal(0)
    made.amount, made.given_by, made.note = amount, given_by.strip(), note.strip()
    return _told(records.save(made, refusal=lambda error, row: _refusal(error, row, had)))


def _refusal(error: IntegrityError, made: Delivery, had: Decimal) -> DomainError:
    """In words how much is left; `had` is what the delivery itself used before."""
    if records.constraint_of(error) != BEYOND:
        return records.conflict_of(error, made)
    line = line_of(made.company, made.item, made.given_on)
    left = (line.left or Decimal(0)) + had
    message = _("Of %(granted)s %(unit)s %(period)s, %(left)s are left: %(amount)s cannot be given.") % {
        "granted": plain_number(made.item.amount or 0), "unit": made.item.get_unit_display(),
        "period": period_of(made.item, made.given_on), "left": plain_number(left), "amount": plain_number(made.amount),
    }  # fmt: skip
    return Conflict(message, code="support_used_up", fields={"amount": [message]})


def period_of(item: SupportItem, on: Day) -> str:
    """In words how long the amount of an item lasts, for the period of the day."""
    first: Any = bounds(item.per, on)[0]
    words = {"month": f"{on:%Y-%m}", "year": on.year}
    if first is None:
        return _("in all")
    return (_("in %(month)s") if item.per == "month" else _("in the year %(year)s")) % words


def _told(made: Delivery) -> Delivery:
    outbox.record("delivery.changed", str(made.public_id), {"company": made.company.code})
    return made
