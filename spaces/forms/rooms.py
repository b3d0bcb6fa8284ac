"""Forms of rooms: what a room is and which rules it has, and a time in which it is closed."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from companies.fields import CompanyField
from core.forms import DayInput, MonthInput
from spaces.choices import Equipment
from spaces.models import Room
from spaces.slots import STEP, WEEK, WHOLE_DAY, Slot, clock

CLOSED = "-"
HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})")


class TimeInput(forms.TimeInput):
    """The browser's own clock, by the quarter of an hour."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"step": STEP * 60}, format="%H:%M")


class HoursField(forms.CharField):
    """The opening hours of a weekday: `08:00-22:00`, `-` for closed, nothing for around the clock."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        if not text:
            return [0, WHOLE_DAY]
        if text == CLOSED:
            return [0, 0]
        found = HOURS.fullmatch(text)
        hours = [int(part) for part in found.groups()] if found else []
        minutes = [hour * 60 + minute for hour, minute in zip(hours[::2], hours[1::2], strict=True)]
        if not minutes or not minutes[0] < minutes[1] <= WHOLE_DAY or any(minute % STEP for minute in minutes):
            raise forms.ValidationError(_("Write it as 08:00-22:00, in quarters of an hour, or - for closed."))
        return minutes


class RoomForm(forms.ModelForm):
    """A room with its rules."""

    equipment = forms.MultipleChoiceField(
        label=_("Equipment"), choices=Equipment.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    stages = forms.MultipleChoiceField(
        label=_("Only for companies of these stages"),
        choices=Stage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for companies of every stage."),
    )

    class Meta:
        model = Room
        fields = (
            "code", "name", "name_zh", "campus", "field", "capacity", "equipment", "minutes_before", "minutes_after",
            "for_staff", "for_members", "stages", "for_guests", "credits_per_hour", "guest_price", "longest_minutes",
            "days_ahead", "cancel_hours", "release_minutes", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for day in range(WEEK):
            self.fields[f"hours_{day}"] = HoursField(
                label=WEEKDAYS[day], required=False, max_length=20, initial=_hours(self.instance.opening[day])
            )

    @property
    def of_week(self) -> list[forms.BoundField]:
        """The fields of the opening hours, Monday first."""
        return [self[f"hours_{day}"] for day in range(WEEK)]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("hours_")]

    def values(self) -> dict[str, Any]:
        """What the services want to know."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.startswith("hours_")}
        return values | {"opening": [self.cleaned_data[f"hours_{day}"] for day in range(WEEK)]}


def _hours(minutes: Any) -> str:
    opens, closes = minutes
    if opens == closes:
        return CLOSED
    return "" if [opens, closes] == [0, WHOLE_DAY] else f"{clock(opens)}-{clock(closes)}"


class ClosureForm(forms.Form):
    """From a day and time until another, with the reason."""

    first_day = forms.DateField(label=_("From the day"), widget=DayInput)
    begins = forms.TimeField(label=_("at"), widget=TimeInput, initial="00:00")
    last_day = forms.DateField(label=_("until the day"), widget=DayInput)
    ends = forms.TimeField(label=_("at"), widget=TimeInput, initial="00:00")
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """With the time as `slot`."""
        said = super().clean() or self.cleaned_data
        if {"first_day", "begins", "last_day", "ends"} <= said.keys():
            zone = timezone.get_default_timezone()
            begins = dt.datetime.combine(said["first_day"], said["begins"], zone)
            ends = dt.datetime.combine(said["last_day"], said["ends"], zone)
            if begins >= ends:
                raise forms.ValidationError(_("A closure begins before it ends."))
            said["slot"] = Slot(begins, ends)
        return said


class AllowanceForm(forms.Form):
    """So many credits a month from a month on, for a stage or a company."""

    since = forms.DateField(label=_("From the month"), widget=MonthInput, input_formats=["%Y-%m"])
    stage = forms.ChoiceField(label=_("Stage"), choices=[("", "–"), *Stage.choices], required=False)
    company = CompanyField(required=False, help_text=_("Instead of a stage: for this company alone."))
    credits = forms.DecimalField(label=_("Credits a month"), min_value=0, max_digits=8, decimal_places=2)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """What the service wants to know."""
        said = dict(self.cleaned_data)
        return {"amount": said.pop("credits"), **said}
