"""Forms of the pages on which the zone says how companies report."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.choices import CompanyKind, ReportMonths, Stage
from companies.models.schedule import LAST_PLACE, MOST_DAYS
from core.forms import DayInput

NOTHING = 0  # months of a rule by which nothing is to be reported


def _months(value: Any) -> int | None:
    return int(value) or None


def _choices(known: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", _("any")), *known]


class RuleForm(forms.Form):
    """Whom a rule fits, what they report, and of which periods."""

    use_required_attribute = False

    place = forms.IntegerField(
        label=_("Place in the order"), min_value=1, max_value=LAST_PLACE, initial=10,
        help_text=_("The first rule that fits a company decides: put the special ones before the general."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(CompanyKind.choices), required=False)
    stage = forms.ChoiceField(
        label=_("Stage on the last day of the period"), choices=_choices(Stage.choices), required=False
    )
    months = forms.TypedChoiceField(
        label=_("Reports each"), coerce=_months, empty_value=None,
        choices=[*ReportMonths.choices, (NOTHING, _("no report at all"))],
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days until it is due"), min_value=1, max_value=MOST_DAYS, initial=30,
        help_text=_("After the last day of the period."),
    )  # fmt: skip
    first = forms.DateField(label=_("For periods that end from"), widget=DayInput)
    last = forms.DateField(
        label=_("up to"), widget=DayInput, required=False, help_text=_("Empty as long as nobody ends it.")
    )


class EndForm(forms.Form):
    """The last periods that a rule governs."""

    use_required_attribute = False

    last = forms.DateField(label=_("For periods that end up to"), widget=DayInput)


class ExcuseForm(forms.Form):
    """Why a company need not report."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


def fits(kind: str, stage: str) -> str:
    """Whom a rule fits, in words."""
    words = [capfirst(str(choice(value).label)) for choice, value in ((CompanyKind, kind), (Stage, stage)) if value]
    return " · ".join(words) or capfirst(str(_("all companies")))
