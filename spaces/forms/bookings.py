"""The form of a booking: shape and type of what is typed. Whether it can be is decided by the services."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.fields import CompanyField
from companies.models import Company
from companies.permissions import WRITES
from core.forms import DayInput
from spaces.choices import Frequency
from spaces.forms.rooms import TimeInput
from spaces.models import Booking, Room
from spaces.permissions import can_book_for_others
from spaces.series import MOST, Pattern
from spaces.services.bookings import Wish
from spaces.slots import Slot, slot_on


class RoomChoice(forms.ModelChoiceField):
    """One of the rooms that the person may see, by its code."""

    def label_from_instance(self, room: Room) -> str:
        return f"{room.code} · {room.name} · {room.campus.name} · {room.capacity}"


class SlotForm(forms.Form):
    """A day and the time on it; an end that does not come after the beginning is of the next day."""

    day = forms.DateField(label=_("Day"), widget=DayInput)
    begins = forms.TimeField(label=_("From"), widget=TimeInput)
    ends = forms.TimeField(
        label=_("Until"), widget=TimeInput, help_text=_("Earlier than the beginning: on the next day.")
    )

    def slot(self) -> Slot | None:
        """The time; None while something of it is missing."""
        said = self.cleaned_data
        if not all(said.get(name) for name in ("day", "begins")) or said.get("ends") is None:
            return None
        return slot_on(said["day"], said["begins"], said["ends"], timezone.get_default_timezone())


class MoveForm(SlotForm):
    """Another time or title for a booking."""

    title = forms.CharField(label=_("What for"), max_length=120)

    @staticmethod
    def values_of(booking: Booking) -> dict[str, Any]:
        """The initial values for a booking as it is."""
        begins, ends = (timezone.localtime(moment) for moment in (booking.slot.begins, booking.slot.ends))
        return {"day": begins.date(), "begins": begins.time(), "ends": ends.time(), "title": booking.title}


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)


class FeedForm(forms.Form):
    """A calendar of one's own bookings, or of a room."""

    room = RoomChoice(
        label=_("Of the room"),
        queryset=Room.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("my own bookings"),
    )

    def __init__(self, *args: Any, user: User, **options: Any):
        super().__init__(*args, **options)
        room: Any = self.fields["room"]
        room.queryset = Room.objects.visible_to(user).select_related("campus")


class DaysField(forms.CharField):
    """Days with commas or blanks between them."""

    def clean(self, value: Any) -> frozenset[dt.date]:
        words = re.split(r"[\s,;，、]+", super().clean(value))
        try:
            return frozenset(dt.date.fromisoformat(word) for word in words if word)
        except ValueError as error:
            raise forms.ValidationError(_("Write days as 2026-10-01, with commas between them.")) from error


class SeriesFields(forms.Form):
    """Whether a booking comes back, and how."""

    repeat = forms.ChoiceField(label=_("Repeat"), required=False, choices=[("", _("not at all")), *Frequency.choices])
    every = forms.IntegerField(
        label=_("Every"), required=False, min_value=1, max_value=12, help_text=_("2: every second day or week.")
    )
    until = forms.DateField(label=_("Until the day"), required=False, widget=DayInput, help_text=_("Included."))
    times = forms.IntegerField(label=_("How many times"), required=False, min_value=1, max_value=MOST)
    exceptions = DaysField(
        label=_("Except on"), required=False, max_length=2000, help_text=_("Days as 2026-10-01, with commas.")
    )
    only_free = forms.BooleanField(
        label=_("Book the free ones, and leave out the days on which the room is taken"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("repeat") and not cleaned.get("until") and not cleaned.get("times"):
            self.add_error("until", _("Say until when, or how many times."))
        return cleaned

    def pattern(self) -> Pattern | None:
        """How the booking comes back; None for one that does not, or while it is not known until when."""
        said = self.cleaned_data
        if not said.get("repeat") or not (said.get("until") or said.get("times")):
            return None
        return Pattern(
            Frequency(said["repeat"]), said.get("every") or 1, said.get("until"), said.get("times"),
            said.get("exceptions") or frozenset(),
        )  # fmt: skip


class BookingForm(SlotForm, SeriesFields):
    """What somebody wants to book. Founders choose among the companies that they write for; officers name any."""

    room = RoomChoice(label=_("Room"), queryset=Room.objects.none(), to_field_name="code")
    title = forms.CharField(label=_("What for"), max_length=120)

    field_order = ["room", "company", "guest", "day", "begins", "ends", "title", *SeriesFields.base_fields]

    def __init__(self, *args: Any, user: User, **options: Any):
        super().__init__(*args, **options)
        room: Any = self.fields["room"]
        room.queryset = Room.objects.visible_to(user).filter(is_active=True).select_related("campus")
        if can_book_for_others(user):
            self.fields["company"] = CompanyField(required=False)
            self.fields["guest"] = forms.CharField(
                label=_("Guest"), max_length=120, required=False, help_text=_("Who has no company in the zone.")
            )
        elif not user.is_staff_member:
            self._offer_companies(user)
        self.order_fields(self.field_order)

    def _offer_companies(self, user: User) -> None:
        own = Company.objects.filter(memberships__user=user, memberships__role__in=WRITES)
        codes = [(company.code, company.name) for company in own]
        if not codes:
            return
        self.fields["company"] = forms.TypedChoiceField(
            label=_("Company"),
            choices=codes,
            coerce=lambda code: own.get(code=code),
            initial=codes[0][0],
            widget=forms.HiddenInput if len(codes) == 1 else forms.Select,
        )

    @property
    def of_series(self) -> list[forms.BoundField]:
        return [self[name] for name in SeriesFields.base_fields]

    @property
    def of_booking(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in SeriesFields.base_fields]

    def wish(self) -> Wish | None:
        """What the service wants to know; None while the room or the time is missing."""
        said, slot = self.cleaned_data, self.slot()
        if said.get("room") is None or slot is None:
            return None
        return Wish(said["room"], slot, said.get("title", ""), said.get("company") or None, said.get("guest", ""))
