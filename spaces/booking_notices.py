"""What people are told about their bookings, in the words of their language; `accounts.notices` tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.notices import Message
from core.markup import plain_name


@dataclass(frozen=True)
class _Named:
    name: str
    name_zh: str


def _local(context: Mapping[str, Any]) -> dict[str, Any]:
    """With the room's name in the reader's language."""
    return {**context, "room": plain_name(_Named(context["room"], context.get("name_zh", "")))}


MESSAGES = (
    Message(
        "waiting_served",
        _("%(room)s is yours: %(time)s"),
        _("You waited for it for “%(title)s”. It is booked; cancel it if you do not need it any more."),
        icon="circle-check",
        words=_local,
    ),
    Message(
        "booking_released",
        _("%(room)s was given back: %(time)s"),
        _("Nobody checked in for “%(title)s”, so that others can have the room."),
        icon="clock",
        words=_local,
    ),
)
