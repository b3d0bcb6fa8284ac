"""The balance of a company's rent relief as of a day: what is used and left of the area and of the months, the last day
of the relief, and the rent that follows it.

By the facts and the versions of this moment, and by the code that bills and that tells what ends a yes. Nothing is
written. A fixed number of queries.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
import structlog
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Company
from core.markup import count, number
from core.money import to_yuan
from core.periods import DAY, next_month
from subsidies import policy
from subsidies.bulk import billed
from subsidies.choices import Point
from subsidies.prospects import NONE, Known, Prospect, endings_of
from subsidies.rules.aftermath import Aftermath, aftermath
from subsidies.rules.errors import RuleError
from subsidies.rules.parameters import Timeline
from subsidies.rules.records import Records
from subsidies.rules.settling import first_settled
from subsidies.rules.windows import add_months, window_ends_on
from subsidies.wording import follows

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Window:
    """The months of the relief, and how many of them are over."""

    first: dt.date
    months: int
    used: int

    @property
    def left(self) -> int:
        return self.months - self.used

    @property
    def last(self) -> dt.date:
        """The last day of the last month."""
        return window_ends_on(self.first, self.months)


@dataclass(frozen=True)
class Balance:
    """At the end of the day `on`. Areas in m²: the most that can be relieved, and what of it is. `window` is None while
    nothing has opened it. `last_day`: of a relief that holds on that day and ends, with what comes `after` it; of one
    whose months are over, `after` tells what is paid now."""

    on: dt.date
    cap: Decimal
    used: Decimal
    window: Window | None
    last_day: dt.date | None
    after: Aftermath | None

    @property
    def left(self) -> Decimal:
        """What can still be relieved: nothing once the months are over."""
        return Decimal(0) if self.is_over else max(self.cap - self.used, Decimal(0))

    @property
    def is_over(self) -> bool:
        """The months of the relief have all passed."""
        return self.window is not None and self.window.left <= 0

    @property
    def rent_after(self) -> Decimal | None:
        """What a month's rent is once the relief is over, in yuan; None where no lease is agreed for it."""
        return None if self.after is None or self.after.borne is None else to_yuan(self.after.borne)

    @property
    def sentences(self) -> list[str]:
        """All of it in the reader's language."""
        return list(_sentences(self))


def balance_of(company: Company, *, on: dt.date) -> Balance | None:
    """As of the end of the day `on`; None where no policy was ever published. Raises the errors of the rules."""
    timeline = policy.timeline()
    if timeline.starts_on is None:
        return None
    known = Known.of([company.pk])
    window = window_of(known.records, timeline, on + DAY)
    ends = endings_of(known, [Point.RENT_WAIVER], on=on)
    lines = billed.rent(known.records, [on.replace(day=1)], timeline)
    is_over = window is not None and window.left <= 0
    return Balance(
        on=on,
        cap=area_of(timeline.deciding(on)["rent_waiver.area_m2"]),
        used=waived_area(lines, on),
        window=window,
        last_day=last_day_of(ends),
        after=_over(known, on + DAY) if is_over else ends.get(Point.RENT_WAIVER, NONE).after,
    )


def _over(known: Known, day: dt.date) -> Aftermath:
    return aftermath(Point.RENT_WAIVER, known.records, known.timeline, day)


def shown_balance(company: Company, *, on: dt.date) -> Balance | None:
    """The same for a page that has more to show: None, which is logged, where the rules refuse the records."""
    try:
        return balance_of(company, on=on)
    except RuleError as refused:
        log.warning("no_balance", company=company.code, reason=str(refused))
        return None


def last_day_of_month(month: dt.date) -> dt.date:
    """The day as of which the balance of a statement is told."""
    return next_month(month) - DAY


def window_of(known: Records, timeline: Timeline, day: dt.date) -> Window | None:
    """The months of the one company that is known, and how many of them are over when `day` begins. Reckoned from the
    first settled day, which no act on leases that follow each other moves."""
    opened = first_settled(known.premises, known.companies, timeline.starts_on)["first_settled_on"][0]
    if opened is None:
        return None
    months = timeline.deciding(day)["rent_waiver.months"]
    used = sum(add_months(opened, month) <= day for month in range(1, months + 1))
    return Window(opened, months, used)


def waived_area(lines: pl.DataFrame, day: dt.date) -> Decimal:
    """What is waived on the day, in m², over all leases of `lines` (of `billed.rent`)."""
    segments = (segment for text in lines["segments"] for segment in json.loads(text))
    return area_of(
        sum(segment["waived_area"] for segment in segments if segment["first"] <= day.isoformat() < segment["until"])
    )


def area_of(hundredths: int) -> Decimal:
    """m² of an area as the rules count it."""
    return Decimal(hundredths) / 100


def last_day_of(found: Mapping[str, Prospect]) -> dt.date | None:
    """The last day of the rent relief, of what `endings_of` found."""
    end = found.get(Point.RENT_WAIVER, NONE).end
    return end.day - DAY if end else None


def _sentences(balance: Balance) -> Iterator[str]:
    areas = {"used": number(balance.used, 2), "cap": number(balance.cap, 2), "left": number(balance.left, 2)}
    yield _("On %(day)s, %(used)s of %(cap)s m² are relieved, %(left)s m² are left.") % {"day": balance.on, **areas}
    if balance.window is None:
        yield _("The months of the relief have not begun: they begin on the first day in premises of the zone.")
        return
    window = balance.window
    if balance.is_over:
        told = {"last": window.last, "months": count(window.months)}
        yield _("All %(months)s months of the relief are over: the last day was %(last)s.") % told
    else:
        left = ngettext(
            "%(used)s of %(months)s months of the relief are used, %(left)s is left: the last day is %(last)s.",
            "%(used)s of %(months)s months of the relief are used, %(left)s are left: the last day is %(last)s.",
            window.left,
        )
        yield left % {
            "used": count(window.used), "months": count(window.months), "left": count(window.left), "last": window.last,
        }  # fmt: skip
        if balance.last_day is not None and balance.last_day != window.last:
            yield _("By what is on record, the relief ends on %(day)s already.") % {"day": balance.last_day}
    if balance.after is not None:
        yield next(iter(follows(balance.after, Point.RENT_WAIVER)))
