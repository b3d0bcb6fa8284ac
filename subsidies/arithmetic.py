"""The arithmetic of rent as a page shows it: stretches of days that are alike, with area, price and relief."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.markup import Tone, exact_money, money, number
from core.money import FEN, to_yuan
from core.periods import DAY
from subsidies import policy
from subsidies.bulk import billed
from subsidies.gather import register
from subsidies.gather.records import premises_of
from subsidies.gather.selection import chosen
from subsidies.models import RentLine
from subsidies.rules.facts import FACTS
from subsidies.rules.records import Records
from subsidies.rules.segments import Reason

REASONS = {
    Reason.WAIVED: _("waived in full"),
    Reason.LIMIT_REACHED: _("waived up to the largest area"),
    Reason.LIMIT_USED_UP: _("other leases use the whole waived area"),
    Reason.NO_POLICY: _("no policy in force yet"),
    Reason.NOT_REGISTERED: _("not registered in the zone"),
    Reason.NOT_OPERATING: _("not operating"),
    Reason.BEFORE_WINDOW: _("before the months of the waiver"),
    Reason.WINDOW_OVER: _("the months of the waiver are over"),
    Reason.REGISTRATION_UNKNOWN: _("registration not known"),
    Reason.OPERATION_UNKNOWN: _("start of operation not known"),
}
UNKNOWN = (Reason.REGISTRATION_UNKNOWN, Reason.OPERATION_UNKNOWN)


@dataclass(frozen=True)
class Stretch:
    """Days of a lease that are alike; `last` is included. Numbers are written out; `rent` and `waived` are exact, for
    only the sum is rounded. `share` is None where the whole of the waived area is waived, or nothing."""

    first: dt.date
    last: dt.date
    days: int
    area: str
    waived_area: str
    price: str
    share: Decimal | None
    rent: str
    waived: str
    reason: str
    tone: Tone


@dataclass(frozen=True)
class Line:
    """A lease in a month: sums rounded to the fen, and the stretches that they are made of."""

    lease: str
    days: int
    waived_days: int
    rent: Decimal
    waived: Decimal
    payable: Decimal
    missing: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    unit: str = ""


def stretches(segments: Sequence[Mapping[str, Any]]) -> tuple[Stretch, ...]:
    """The segments that are stored with a line or an adjustment."""
    return tuple(_stretch(segment) for segment in segments)


def _stretch(segment: Mapping[str, Any]) -> Stretch:
    area, waived_area = Decimal(segment["area"]) / 100, Decimal(segment["waived_area"]) / 100
    price = Decimal(segment["price"]) / 10_000
    share = None if segment["share"] is None else Decimal(segment["share"]) / 10_000
    reason = Reason(segment["reason"])
    return Stretch(
        first=dt.date.fromisoformat(segment["first"]),
        last=dt.date.fromisoformat(segment["until"]) - DAY,
        days=segment["days"],
        area=number(area, 2),
        waived_area=number(waived_area, 2),
        price=number(price, 4),
        share=None if share == 1 or not waived_area else share,
        rent=_exactly(area * price * segment["days"]),
        waived=_exactly(waived_area * price * segment["days"] * (share or 0)),
        reason=str(REASONS[reason]),
        tone="wait" if reason in UNKNOWN else "good" if waived_area else "quiet",
    )


def _exactly(amount: Decimal) -> str:
    """Yuan with both fen, and with more places where the exact amount has them."""
    return money(amount) if amount == amount.quantize(FEN) else exact_money(amount)


def shown_line(line: RentLine) -> Line:
    """A line of a statement."""
    return Line(
        lease=line.lease.number,
        days=line.days,
        waived_days=line.waived_days,
        rent=line.rent,
        waived=line.waived,
        payable=line.payable,
        missing=labels_of(line.missing),
        stretches=stretches(line.segments),
        unit=line.lease.unit.code,
    )


def lines_of_month(company: Company, month: dt.date) -> list[Line]:
    """What a company's leases come to in a month by the facts of this moment, billed or not. Three queries by COPY."""
    selection = chosen([company.pk])
    known = Records(**premises_of(selection), companies=register.companies(selection))
    found = billed.rent(known, [month], policy.timeline())
    named = found.join(
        known.leases.select("lease", item_id="lease_id"), on="item_id", how="left", maintain_order="left"
    )
    return [_computed(row) for row in named.iter_rows(named=True)]


def _computed(row: Mapping[str, Any]) -> Line:
    return Line(
        lease=row["lease"],
        days=row["days"],
        waived_days=row["waived_days"],
        rent=to_yuan(row["rent"]),
        waived=to_yuan(row["waived"]),
        payable=to_yuan(row["rent"] - row["waived"]),
        missing=labels_of(row["missing"]),
        stretches=stretches(json.loads(row["segments"])),
    )


def labels_of(missing: str) -> tuple[str, ...]:
    """The facts that a line names as missing, in words."""
    return tuple(str(_(FACTS[name].label)) for name in missing.split(";") if name)
