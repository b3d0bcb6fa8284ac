"""Who waits for a room that is taken, in the order in which they came."""

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from spaces.models.bookings import Booking
from spaces.models.rooms import Room
from spaces.querysets.rooms import WaitingQuerySet
from spaces.slots import Slot


@audited()
class WaitingEntry(models.Model):
    """Somebody who would book a room for a time, were it free. It ends with the `booking` that it became, or when the
    person leaves the list."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="waiting", verbose_name=_("room"))
    period = DateTimeRangeField(_("time"))
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", null=True, blank=True)
    guest = models.CharField(_("guest"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=120)
    waits = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="waiting")
    booking = models.OneToOneField(Booking, models.PROTECT, related_name="waited", null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the waiting list")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "period", "waits"],
                condition=Q(booking=None, left_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("You wait for this room and time already."),
                violation_error_code="waits_already",
            ),
            models.CheckConstraint(
                condition=Q(booking=None) | Q(left_at=None), name="%(app_label)s_%(class)s_ends_once"
            ),
        ]
        indexes = [
            models.Index(fields=["room"], condition=Q(booking=None, left_at=None), name="spaces_waiting_open"),
        ]
        triggers = [*never_of_merged()]

    def __str__(self) -> str:
        return self.title

    @property
    def slot(self) -> Slot:
        return Slot.of(self.period)
