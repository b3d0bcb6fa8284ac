"""A rent statement as PDF, in the language that is active: everything in words; the template only sets it.

What was issued never changes, so that the paper of an issued statement says the same sums for ever. The balance of the
relief is by what is known at the moment that is printed with it. What was paid since is on the page alone.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core import typesetting
from core.markup import html_lang, listed, money, percent, plain_name
from subsidies.arithmetic import Line, Stretch, shown_line, stretches
from subsidies.balance import Balance
from subsidies.models import RentAdjustment, RentStatement
from subsidies.statement_numbers import written

TEMPLATE = Path(__file__).parent / "rent_statement.typ"


def pdf(statement: RentStatement, balance: Balance | None, *, at: dt.datetime) -> bytes:
    """The statement, which came with its company, as it stands at the moment `at`. The same moment and facts give the
    same bytes."""
    return typesetting.pdf(TEMPLATE, data_of(statement, balance, at=at), at=at)


def data_of(statement: RentStatement, balance: Balance | None, *, at: dt.datetime) -> dict[str, Any]:
    """All that the paper says."""
    title = _("Rent statement %(month)s") % {"month": f"{statement.month:%Y-%m}"}
    address = f"{settings.BASE_URL}{reverse('subsidies:statement', args=[statement.public_id])}"
    lines = [shown_line(line) for line in statement.lines.select_related("lease__unit")]
    return {
        "language": html_lang(get_language() or "en"),
        "words": _words(),
        "paper": {
            "name": f"{title} {statement.company.code}",
            "label": _("Number of the statement"),
            "number": written(statement.number),
            "note": address,
        },
        "title": title,
        "names": _names(statement),
        "state": str(statement.get_state_display()),
        "payable": money(statement.payable),
        "ask": _ask(statement),
        "summary": _summary(statement, at),
        "sums": _sums(statement),
        "lines": [_line(line) for line in lines],
        "adjustments": [_adjustment(one) for one in statement.adjustments.select_related("lease")],
        "balance": balance.sentences if balance else [],
    }


def _words() -> dict[str, str]:
    return {
        "portal": _("Zone portal"),
        "page": pgettext("of a document", "Page"),
        "payable": _("To pay"),
        "sums": _("Sum"),
        "leases": _("Leases"),
        "no_leases": _("The statement holds corrections of earlier months alone."),
        "days": _("Days"),
        "area": _("Area (m²)"),
        "waived_area": _("Relieved (m²)"),
        "price": _("¥ per m² and day"),
        "rent": _("Rent"),
        "waived": _("Relief"),
        "why": _("Why"),
        "corrections": _("Corrections of earlier months"),
        "balance": _("Balance of the relief"),
        "note": _(
            "Rent is area × price × days. Relief is the waived area × price × days × share. Both are rounded to the fen"
            " once, in the sum of a lease and month. What was issued never changes."
        ),
    }


def _names(statement: RentStatement) -> list[str]:
    """In both scripts, the reader's first."""
    company = statement.company
    return list(dict.fromkeys(name for name in (plain_name(company), company.name, company.name_zh) if name))


def _ask(statement: RentStatement) -> str:
    """What the company is asked for, in a sentence or two."""
    due = statement.due_on
    if due is None:
        return _("This statement is open: it follows the facts until it is issued. Nothing is to be paid yet.")
    if statement.payable <= 0:
        return _("Nothing is to be paid.")
    told = {"day": due, "number": written(statement.number), "account": settings.RENT_ACCOUNT}
    if settings.RENT_ACCOUNT:
        return _("To be paid by %(day)s to %(account)s. Name %(number)s to the bank.") % told
    return _("To be paid by %(day)s. Name %(number)s to the bank.") % told


def _summary(statement: RentStatement, at: dt.datetime) -> list[list[str]]:
    rows = [
        [_("Company code"), statement.company.code],
        [_("Month"), f"{statement.month:%Y-%m}"],
        [_("Number of the statement"), written(statement.number)],
    ]
    if statement.issued_at:
        rows += [[_("Issued on"), timezone.localtime(statement.issued_at).date().isoformat()]]
    if statement.due_on and statement.payable > 0:
        rows += [[_("Due on"), str(statement.due_on)]]
    return [*rows, [_("Printed at"), timezone.localtime(at).isoformat(sep=" ", timespec="minutes")]]


def _sums(statement: RentStatement) -> list[list[str]]:
    return [
        [_("Rent"), money(statement.rent)],
        [_("Relief"), money(-statement.waived)],
        [_("Corrections of earlier months"), money(statement.adjustment)],
        [_("To pay"), money(statement.payable)],
    ]


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": f"{_('Lease %(lease)s') % {'lease': line.lease}} · {line.unit}",
        "sum": f"{money(line.rent)} − {money(line.waived)} = {money(line.payable)}",
        "missing": (
            _("Nothing is waived on some days because this is not known: %(facts)s.") % {"facts": listed(line.missing)}
            if line.missing
            else ""
        ),
        "stretches": [_stretch(one) for one in line.stretches],
    }


def _stretch(one: Stretch) -> list[str]:
    why = one.reason if one.share is None else f"{one.reason} ({percent(one.share)})"
    return [
        f"{one.first:%m-%d} – {one.last:%m-%d} ({one.days})", one.area, one.waived_area, one.price, one.rent,
        one.waived, why,
    ]  # fmt: skip


def _adjustment(one: RentAdjustment) -> dict[str, Any]:
    return {
        "name": f"{one.month:%Y-%m} · {_('Lease %(lease)s') % {'lease': one.lease.number}}",
        "sum": f"{money(one.rent)} − {money(one.waived)} = {money(one.payable)}",
        "why": _("The month was computed again: %(reasons)s. This is the difference to what was issued.")
        % {"reasons": listed(one.reasons)},
        "stretches": [_stretch(stretch) for stretch in stretches(one.segments)],
    }
