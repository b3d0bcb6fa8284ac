"""What had happened by the end of a day, in the zone's time zone."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.periods import DAY
from subsidies.models import Decision


def end_of(on: dt.date) -> dt.datetime:
    """The first moment after the day."""
    return timezone.make_aware(dt.datetime.combine(on + DAY, dt.time.min))


def decided_by(on: dt.date) -> QuerySet[Decision]:
    """The decisions that were in force at the end of the day."""
    end = end_of(on)
    return Decision.objects.filter(Q(superseded_at=None) | Q(superseded_at__gte=end), decided_at__lt=end)
