"""The arithmetic of interest support as a page shows it: stretches of days that are alike, with balance and rate."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.markup import NOTHING, Tone, money, number
from core.money import to_yuan
from core.periods import DAY
from subsidies import policy
from subsidies.arithmetic import labels_of
from subsidies.bulk import billed
from subsidies.gather.records import for_bills
from subsidies.gather.selection import chosen
from subsidies.models import InterestLine
from subsidies.rules.accrual import UNKNOWN, Reason

REASONS = {
    Reason.SUPPORTED: _("supported in full"),
    Reason.LIMIT_REACHED: _("supported up to the largest principal"),
    Reason.LIMIT_USED_UP: _("other loans use the whole supported principal"),
    Reason.PAID_BACK: _("paid back"),
    Reason.NO_POLICY: _("no policy in force yet"),
    Reason.NOT_REGISTERED: _("not registered in the zone"),
    Reason.NO_PREMISES: _("no premises in the zone"),
    Reason.NOT_OPERATING: _("not operating"),
    Reason.WINDOW_OVER: _("the months of interest support are over"),
    Reason.REGISTRATION_UNKNOWN: _("registration not known"),
    Reason.OPERATION_UNKNOWN: _("start of operation not known"),
    Reason.REFERENCE_UNKNOWN: _("reference rate not known"),
}


@dataclass(frozen=True)
class Stretch:
    """Days of a loan that are alike; `last` is included. Numbers are written out; `rate` is the one that counts.
    `share` is None where nothing is supported."""

    first: dt.date
    last: dt.date
    days: int
    balance: str
    counted: str
    rate: str
    share: Decimal | None
    reason: str
    tone: Tone


@dataclass(frozen=True)
class Line:
    """A loan in a month: the support, rounded to the fen, and the stretches that it is made of."""

    loan: str
    days: int
    supported_days: int
    supported: Decimal
    missing: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    bank: str = ""


def stretches(segments: Sequence[Mapping[str, Any]]) -> tuple[Stretch, ...]:
    """The segments that are stored with a line or an adjustment."""
    return tuple(_stretch(segment) for segment in segments)


def _stretch(segment: Mapping[str, Any]) -> Stretch:
    reason, reference, counted = Reason(segment["reason"]), segment["reference"], segment["counted"]
    rate = segment["rate"] if reference is None else min(segment["rate"], reference)
    return Stretch(
        first=dt.date.fromisoformat(segment["first"]),
        last=dt.date.fromisoformat(segment["until"]) - DAY,
        days=segment["days"],
        balance=money(to_yuan(segment["balance"])),
        counted=money(to_yuan(counted)),
        rate=f"{number(Decimal(rate) / 10_000, 4)} %" if counted else NOTHING,
        share=Decimal(segment["share"]) / 10_000 if counted else None,
        reason=str(REASONS[reason]),
        tone="wait" if reason in UNKNOWN else "good" if counted else "quiet",
    )


def shown_line(line: InterestLine) -> Line:
    """A line of a statement."""
    return Line(
        loan=line.loan.number,
        days=line.days,
        supported_days=line.supported_days,
        supported=line.supported,
        missing=labels_of(line.missing),
        stretches=stretches(line.segments),
        bank=line.loan.bank,
    )


def lines_of_month(company: Company, month: dt.date) -> list[Line]:
    """What a company's loans come to in a month by the facts of this moment, billed or not."""
    known = for_bills(chosen([company.pk]))
    found = billed.interest(known, [month], policy.timeline())
    named = found.join(known.loans.select("loan", item_id="loan_id"), on="item_id", how="left", maintain_order="left")
    return [_computed(row) for row in named.iter_rows(named=True)]


def _computed(row: Mapping[str, Any]) -> Line:
    return Line(
        loan=row["loan"],
        days=row["days"],
        supported_days=row["supported_days"],
        supported=to_yuan(row["supported"]),
        missing=labels_of(row["missing"]),
        stretches=stretches(json.loads(row["segments"])),
    )
