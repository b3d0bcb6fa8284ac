"""Acts on suppliers: enter one, change it, admit it, end its admission. Told in the outbox as `supplier.changed`."""

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import first_day, period
from subsidies import permissions, suppliers
from subsidies.models import Supplier


@transaction.atomic
def enter_supplier(*, name: str, code: str = "", company: Company | None = None, by: User) -> Supplier:
    """Put a supplier on record, not admitted; without a code the next one is given out."""
    _refuse_stranger(by)
    code = code.strip() or suppliers.next_codes(1)[0]
    return _stored(Supplier(code=code, name=name.strip(), company=company))


@transaction.atomic
def change_supplier(*, supplier: Supplier, name: str, company: Company | None, by: User) -> Supplier:
    """Correct a supplier's name, and which company of the register it is; its code stays."""
    _refuse_stranger(by)
    held = _held(supplier)
    held.name, held.company = name.strip(), company
    return _stored(held)


@transaction.atomic
def admit_supplier(*, supplier: Supplier, first: dt.date, last: dt.date | None = None, by: User) -> Supplier:
    """Admit a supplier from the first to the last day, both included; without a last one until further notice. What
    companies paid it on these days counts for vouchers."""
    return _admitted(supplier, first, last, by)


@transaction.atomic
def end_admission(*, supplier: Supplier, last: dt.date, by: User) -> Supplier:
    """The admission ends with the given day; what was paid up to it still counts."""
    held = _held(supplier)
    if held.admission is None:
        raise Conflict(_("Supplier %(supplier)s is not admitted.") % {"supplier": held.name}, code="not_admitted")
    return _admitted(held, first_day(held.admission), last, by)


@transaction.atomic
def refuse_supplier(*, supplier: Supplier, by: User) -> Supplier:
    """Take an admission back as if it had never been: nothing that was paid counts."""
    held = _held(supplier)
    _refuse_unless_admitting(held, by)
    held.admission = None
    return _stored(held)


def supplier_called(text: str) -> Supplier | None:
    """The supplier of this code or name, entered as not admitted where there is none; None for no text.

    Whoever enters a cost may name one that the zone does not know yet. Incomplete where several have the name.
    """
    text = text.strip()
    if not text:
        return None
    suppliers.hold_names()
    known = suppliers.Names.read()
    found = known.matching(text)
    if len(found) > 1:
        words = {"name": text, "codes": ", ".join(found)}
        message = _("Several suppliers are called %(name)s: write the code of one (%(codes)s).") % words
        raise Incomplete(message, code="ambiguous", fields={"supplier": [message]})
    if found:
        return Supplier.objects.get(code=found[0])
    if suppliers.looks_given_out(text):
        message = _("There is no supplier with the code %(code)s.") % {"code": text}
        raise Incomplete(message, code="no_supplier", fields={"supplier": [message]})
    return _stored(Supplier(code=suppliers.next_codes(1)[0], name=text))


def _refuse_stranger(by: User) -> None:
    if not permissions.can_keep_suppliers(by):
        raise NotAllowed(_("Officers enter and change suppliers."))


def _refuse_unless_admitting(supplier: Supplier, by: User) -> None:
    if not permissions.can_admit(by, supplier):
        raise NotAllowed(_("Officers admit suppliers, and nobody a company of his own."))


def _held(supplier: Supplier) -> Supplier:
    return Supplier.objects.select_for_update(of=("self",)).get(pk=supplier.pk)


def _admitted(supplier: Supplier, first: dt.date | None, last: dt.date | None, by: User) -> Supplier:
    held = _held(supplier)
    _refuse_unless_admitting(held, by)
    held.admission = _period(first, last)
    return _stored(held)


def _period(first: dt.date | None, last: dt.date | None) -> DateRange | None:
    try:
        return period(first, last)
    except ValueError as error:
        raise Incomplete(str(error), fields={"last": [str(error)]}) from error


def _stored(supplier: Supplier) -> Supplier:
    records.save(supplier)
    outbox.record("supplier.changed", supplier.code, {"supplier": supplier.code})
    return supplier
