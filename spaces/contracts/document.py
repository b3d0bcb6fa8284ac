"""The contract of a lease as PDF/A, in the language that is active: what is on record at the moment it is printed.

It says the parties, the unit, the term, the rent with its arithmetic, the deposit, and what came before. Relief is no
part of it: each month's statement shows it, by the policy of that month.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.markup import html_lang, money, number, plain_name
from core.pdf import pdf
from core.periods import first_day, last_day
from spaces.choices import LeaseAct
from spaces.deposits import Deposit, deposit_of
from spaces.models import Lease, Succession
from spaces.rules import rent_of

TEMPLATE = Path(__file__).parent / "contract.typ"
DAYS_SHOWN = 30  # of an example month


def contract(lease: Lease, *, at: dt.datetime) -> bytes:
    """The contract of a lease that came with its places, as it stands at the moment `at`, which is printed."""
    return pdf(TEMPLATE, _data(lease, at), at=at)


def _data(lease: Lease, at: dt.datetime) -> dict[str, Any]:
    """Everything in words; the template only sets it."""
    return {
        "language": html_lang(get_language() or "en"),
        "words": _words(),
        "paper": {
            "name": f"{_('Lease contract')} {lease.number}",
            "label": pgettext("of a document", "Contract"),
            "number": lease.number,
            "note": _("As on record on %(at)s") % {"at": timezone.localtime(at).isoformat(sep=" ", timespec="minutes")},
        },
        "title": _("Lease contract"),
        "number": lease.number,
        "void": _("This lease was declared void: %(reason)s") % {"reason": lease.void_reason}
        if lease.voided_at
        else "",
        "parties": [[_("The zone, as lessor"), _lessor(lease)], [_("The company, as lessee"), _lessee(lease)]],
        "sections": [
            [_("What is let"), _place(lease)],
            [_("Term"), _term(lease)],
            [_("Rent"), _rent(lease)],
            [_("Deposit"), _deposit(deposit_of(lease))],
        ],
        "clauses": _clauses(),
        "before": _before(lease),
    }


def _words() -> dict[str, str]:
    return {
        "portal": _("Zone portal"),
        "parties": _("The parties"),
        "clauses": _("What else is agreed"),
        "before": _("What it follows"),
        "signatures": _("Signatures"),
        "place": _("Place and day"),
        "signature": _("Name, signature and seal"),
        "page": pgettext("of a document", "Page"),
    }


def _lessor(lease: Lease) -> list[str]:
    campus = lease.unit.building.campus
    return [name for name in dict.fromkeys((plain_name(campus), campus.name, campus.name_zh)) if name]


def _lessee(lease: Lease) -> list[str]:
    company = lease.company
    names = [name for name in dict.fromkeys((plain_name(company), company.name, company.name_zh)) if name]
    codes = [_("Company code: %(code)s") % {"code": company.code}]
    if company.uscc:
        codes.append(_("Unified social credit code: %(code)s") % {"code": company.uscc})
    return [*names, *codes]


def _place(lease: Lease) -> list[list[str]]:
    unit = lease.unit
    found = [
        [_("Campus"), plain_name(unit.building.campus)],
        [_("Building"), unit.building.code],
        [_("Floor"), unit.floor],
        [_("Unit"), unit.code],
        [_("Area that is let"), f"{number(lease.area_m2, 2)} m²"],
    ]
    return [[label, told] for label, told in found if told]


def _term(lease: Lease) -> list[list[str]]:
    first, last = first_day(lease.term), last_day(lease.term)
    return [
        [_("First day"), first.isoformat() if first else ""],
        [_("Last day, included"), last.isoformat() if last else _("open: until either side gives notice")],
    ]


def _rent(lease: Lease) -> list[list[str]]:
    area, price = lease.area_m2, lease.price_per_m2_day
    a_month = rent_of(area_m2=area, price_per_m2_day=price, days=DAYS_SHOWN)
    words = {"area": number(area, 2), "price": number(price, 4), "days": DAYS_SHOWN, "rent": money(a_month)}
    return [
        [_("Price per m² and day"), _("%(price)s yuan") % words],
        [_("Rent of %(days)s days") % words, _("%(area)s m² × %(price)s yuan × %(days)s days = %(rent)s") % words],
    ]


def _deposit(found: Deposit) -> list[list[str]]:
    if not found.agreed:
        return [[_("Agreed"), _("none")]]
    return [[_("Agreed"), money(found.agreed)]]


def _clauses() -> list[str]:
    return [
        _(
            "The rent of a month is the area times the price times the days let in that month, rounded half up to the"
            " fen once, at the end. The zone issues a statement each month, with the arithmetic."
        ),
        _(
            "Rent relief follows the policy of the zone and is no part of this contract. Each statement shows what is"
            " waived and what is payable."
        ),
        _(
            "The deposit is returned when the lease has ended. What the zone withholds it gives a reason for; what"
            " another lease of the company takes over is recorded with both."
        ),
        _(
            "Another area, price or unit, a renewal, a split or a merger is agreed as another lease that follows this"
            " one, with a contract of its own."
        ),
    ]


def _before(lease: Lease) -> list[str]:
    """The leases that it follows, each with the act and the day."""
    lines = Succession.objects.filter(after=lease, before__voided_at=None).select_related("before__unit")
    return [
        _("Lease %(lease)s of unit %(unit)s, %(act)s from %(day)s on")
        % {
            "lease": line.before.number, "unit": line.before.unit.code, "act": LeaseAct(line.act).label,
            "day": line.day.isoformat(),
        }
        for line in lines.order_by("before__number")
    ]  # fmt: skip
