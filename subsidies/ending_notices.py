"""What people are told of a monthly relief that ends soon: the company's own people of theirs, the officers of all."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notices import Message
from core.markup import count
from core.periods import DAY
from subsidies.choices import Outcome, Point
from subsidies.notices import named
from subsidies.outlooks import Outlook, read
from subsidies.prospects import Prospect
from subsidies.rules.aftermath import Aftermath
from subsidies.rules.horizon import End
from subsidies.rules.points import POINTS
from subsidies.rules.windows import add_months, first_whole_month

# By point, the names of the messages to a company and to the officers.
TO_COMPANIES: Mapping[str, str] = {Point.RENT_WAIVER: "relief_ends", Point.LOAN_INTEREST: "interest_ends"}
TO_OFFICERS: Mapping[str, str] = {Point.RENT_WAIVER: "reliefs_end", Point.LOAN_INTEREST: "interests_end"}


def last_day(outlook: Outlook) -> dt.date | None:
    """The last day of a relief that ends."""
    return outlook.prospect.end.day - DAY if outlook.prospect.end else None


def _ends(context: Mapping[str, Any]) -> dict[str, Any]:
    outlook = read(context["point"], context["outlook"]) if "outlook" in context else _once_kept(context)
    return {**named(context), "day": last_day(outlook), "parts": "\n".join([outlook.ends, *outlook.follows])}


def _once_kept(context: Mapping[str, Any]) -> Outlook:
    """Of a notice of former days, which kept the rent and the other points alone."""
    point, over = POINTS[Point.RENT_WAIVER], dt.date.fromisoformat(context["ends_on"]) + DAY
    criteria = tuple(leaf for leaf in point.leaves if leaf.key == "window_open")
    others = {outcome: tuple(context["instead"].get(outcome, ())) for outcome in (Outcome.ELIGIBLE, Outcome.UNKNOWN)}
    rent = int(Decimal(context["rent"]) * 100) if context["rent"] else None
    after = Aftermath(first_whole_month(over), rent, None, others[Outcome.ELIGIBLE], others[Outcome.UNKNOWN])
    told_on = add_months(over - DAY, -context["months"])
    return Outlook(point, told_on, prospect=Prospect(end=End(over, is_unknown=False, criteria=criteria), after=after))


def _several_end(context: Mapping[str, Any]) -> dict[str, str]:
    number, listed = context["number"], context["companies"]
    lines = [_line(context.get("point", Point.RENT_WAIVER), **one) for one in listed]
    if more := number - len(listed):
        lines.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": count(more)})
    return {"sentence": _how_many(context.get("point", Point.RENT_WAIVER), number), "companies": "\n".join(lines)}


def _how_many(point: str, number: int) -> str:
    if point == Point.LOAN_INTEREST:
        sentence = ngettext(
            "The interest support of %(count)s company ends soon",
            "The interest support of %(count)s companies ends soon",
            number,
        )
    else:
        sentence = ngettext(
            "The rent relief of %(count)s company ends soon", "The rent reliefs of %(count)s companies end soon", number
        )
    return sentence % {"count": count(number)}


def _line(point: str, *, code: str, ends_on: str, outlook: Mapping[str, Any] | None = None) -> str:
    if outlook is None:
        return _("%(code)s on %(day)s") % {"code": code, "day": ends_on}
    after = " ".join(read(point, outlook).follows)
    return _("%(code)s on %(day)s: %(after)s") % {"code": code, "day": ends_on, "after": after}


def _to_company(name: str, title: Promise) -> Message:
    return Message(name, title, "%(parts)s", icon="receipt", words=_ends)


def _to_officers(name: str) -> Message:
    return Message(name, "%(sentence)s", "%(companies)s", icon="receipt", words=_several_end)


MESSAGES = (
    _to_company(
        TO_COMPANIES[Point.RENT_WAIVER], gettext_lazy("%(company)s: the rent relief ends on %(day)s")
    ),
    _to_company(
        TO_COMPANIES[Point.LOAN_INTEREST], gettext_lazy("%(company)s: the interest support ends on %(day)s")
    ),
    *map(_to_officers, TO_OFFICERS.values()),
)  # fmt: skip
