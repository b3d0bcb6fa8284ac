"""Who is invited to a booking, and the secret addresses at which calendar programs fetch bookings."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from spaces.choices import HOLDING
from spaces.models.bookings import Booking
from spaces.models.rooms import Room

WITHDRAWN = -1


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def to_tell(self) -> "AttendeeQuerySet":
        """Those who do not know yet what became of the booking, or that they are not expected any more."""
        expected = Q(is_invited=True, booking__state__in=HOLDING)
        stale = Q(told_sequence=None) | Q(told_sequence__gte=0, told_sequence__lt=F("booking__sequence"))
        return self.filter((expected & stale) | (~expected & Q(told_sequence__gte=0)))


@audited(exclude=["told_sequence"])
class Attendee(models.Model):
    """Somebody who is invited to a booking by mail. `told_sequence` is the state of the booking that the last mail
    told of; null before the first, WITHDRAWN after one that took the invitation back."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="attendees")
    email = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    is_invited = models.BooleanField(default=True)
    told_sequence = models.IntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                "booking",
                Lower("email"),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This person is invited already."),
                violation_error_code="invited_already",
            ),
        ]

    def __str__(self) -> str:
        return self.email


@audited(exclude=["secret_hash"])
class CalendarFeed(models.Model):
    """A secret address of one person: of his own bookings, or of a room as he sees it. Only a hash of the secret is
    kept, as of a key (`accounts.keys`); whoever lost the address makes another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    room = models.ForeignKey(Room, models.CASCADE, related_name="calendar_feeds", null=True, blank=True)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.prefix
