"""Values of the rules as people read them: integers of the smallest step become yuan, square metres, points."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.markup import NOTHING, listed, money, number, percent, plain_number
from core.money import to_yuan
from subsidies.rules.parameters import Parameter
from subsidies.rules.windows import add_months


def shown(value: Any, unit: str = "") -> str:
    """A value of the rules as people read it; `unit` is that of the fact or parameter."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return listed(value)
    if isinstance(value, int) and unit in ("CNY", "USD", "m2", "score", "%"):
        return _in_unit(Decimal(value) / 100, unit)
    return str(value)


def _in_unit(value: Decimal, unit: str) -> str:
    if unit == "CNY":
        return money(value)
    if unit == "USD":
        return _("US$ %(number)s") % {"number": number(value, 2)}
    if unit == "%":
        return percent(value / 100)
    return _("%(area)s m²") % {"area": number(value, 2)} if unit == "m2" else f"{value.normalize():f}"


def value_of(parameter: Parameter) -> str:
    """A parameter's value with its unit; of a series the last one."""
    value = parameter.steps[-1].value if isinstance(parameter.value, tuple) else parameter.value
    if parameter.unit == "CNY":
        return money(value)
    if parameter.unit == "%":
        return percent(value / 100)
    units = {
        "m2": _("%(number)s m²"),
        "USD": _("US$ %(number)s"),
        "months": _("%(number)s months"),
        "years": _("%(number)s years"),
        "projects": _("%(number)s projects"),
        "reports": _("%(number)s reports"),
        "score": _("%(number)s points"),
    }
    return units[parameter.unit] % {"number": plain_number(value)}


def between(low: int, high: int | None) -> str:
    """From `low` to `high` fen in words; "" where nothing bounds it."""
    if high is None:
        return ""
    if low == high:
        return money(to_yuan(high))
    if not low:
        return _("up to %(most)s") % {"most": money(to_yuan(high))}
    return _("between %(least)s and %(most)s") % {"least": money(to_yuan(low)), "most": money(to_yuan(high))}


def span(start: dt.date, day: dt.date) -> str:
    """How far off a later day is: in whole months, in days where it is less than one."""
    months = (day.year - start.year) * 12 + day.month - start.month
    months -= add_months(start, months) > day
    if months > 0:
        return ngettext("in %(count)s month", "in %(count)s months", months) % {"count": months}
    days = (day - start).days
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
