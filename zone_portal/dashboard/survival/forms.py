"""What the pages of who stays are asked for."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zone_portal.dashboard.forms import DayForm
from zone_portal.dashboard.survival.comparison import MONTHS
from zone_portal.dashboard.survival.groups import GROUPINGS

WHO = ("", "here", "left", "watched")


class ComparisonForm(DayForm):
    """A day up to the present one, and by what companies are set side by side."""

    by = forms.ChoiceField(
        label=_("Side by side"),
        choices=[(by, kind.label) for by, kind in GROUPINGS.items()],
        required=False,
        widget=forms.Select({"class": "zp-day-input"}),
    )

    @property
    def day(self) -> dt.date:
        """The chosen day, or the present one while that is refused: whatever else may be wrong."""
        self.is_valid()
        return self.cleaned_data.get("on") or self.today

    @property
    def grouping(self) -> str:
        """The chosen one; all together while the choice is refused."""
        self.is_valid()
        return str(self.cleaned_data.get("by", ""))


class RowsForm(ComparisonForm):
    """Which rows of a comparison: those of a group, who stayed or left, up to a month. Without a group those of all."""

    group = forms.CharField(required=False, max_length=80, strip=False)
    who = forms.ChoiceField(choices=[(who, who) for who in WHO], required=False)
    month = forms.TypedChoiceField(
        choices=[(month, month) for month in MONTHS], coerce=int, empty_value=None, required=False
    )

    def is_known(self) -> bool:
        """Whether such rows can be asked for. A refused day is told on the page, and is none of that."""
        self.is_valid()
        return not set(self.errors) - {"on"} and (
            self.cleaned_data["who"] != "watched" or bool(self.cleaned_data["month"])
        )

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of `Comparison.rows`."""
        group = self.cleaned_data["group"] if "group" in self.data else None
        return {"group": group, "who": self.cleaned_data["who"], "month": self.cleaned_data["month"] or 0}
