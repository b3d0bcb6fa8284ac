"""The day that the dashboard shows."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayInput

FIRST_DAY = dt.date(2000, 1, 1)


class DayForm(forms.Form):
    """A day up to the present one; empty for the present one."""

    on = forms.DateField(label=gettext_lazy("As of"), required=False)

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["on"].widget = DayInput({"min": FIRST_DAY.isoformat(), "max": today.isoformat()})

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"] or self.today
        if not FIRST_DAY <= day <= self.today:
            raise forms.ValidationError(
                _("Choose a day from %(first)s to %(last)s.") % {"first": FIRST_DAY, "last": self.today}
            )
        return day

    @property
    def day(self) -> dt.date:
        """The day to show: the chosen one, or the present one while the choice is refused."""
        return self.cleaned_data["on"] if self.is_valid() else self.today
