"""Why a number of the policy cannot be, in the reader's language. The rules refuse it by name and say so in English."""

from django.utils.translation import gettext as _

from core.markup import plain_number
from subsidies.rules.errors import BadParameter


def words_of(refusal: BadParameter) -> str:
    """What is wrong with the value of `refusal.name`, and what could be."""
    values = refusal.values
    if refusal.code == "outside":
        low, high = plain_number(values["low"]), plain_number(values["high"])
        return _("%(value)s is not between %(low)s and %(high)s.") % {
            "value": plain_number(values["value"]), "low": low, "high": high,
        }  # fmt: skip
    if refusal.code == "finer":
        return _("It is a whole number.") if values["step"] == 1 else _("It has at most two decimals.")
    if refusal.code == "above":
        return _("%(value)s is above %(limit)s, the value of %(other)s.") % {
            "value": plain_number(values["value"]), "limit": plain_number(values["limit"]), "other": values["other"],
        }  # fmt: skip
    return _of_form(refusal)


def _of_form(refusal: BadParameter) -> str:
    values = refusal.values
    words = {
        "not_known": _("No rule asks for it."),
        "unit": _("Its unit is %(unit)s.") % {"unit": values.get("unit", "")},
        "no_series": _("It is one value, not a series."),
        "empty": _("The series needs a value."),
        "order": _("The days of the series follow each other: %(day)s does not.") % {"day": values.get("day", "")},
    }
    return words.get(refusal.code, refusal.problem)
