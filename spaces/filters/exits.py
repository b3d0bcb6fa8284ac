"""How the list of exit interviews is narrowed down."""

import django_filters
from django.utils.translation import gettext_lazy as _

from companies.choices import LeavingReason
from companies.models import ExitInterview
from companies.records.filters import RecordFilter
from core.forms import DayInput


class ExitFilter(RecordFilter):
    """Interviews by company or destination, by reason, and up to a day."""

    searched = ("company__code", "destination")

    reason = django_filters.ChoiceFilter(choices=LeavingReason.choices, label=_("Main reason"), empty_label=_("All"))
    until = django_filters.DateFilter("held_on", "lte", label=_("Asked until"), widget=DayInput)

    class Meta:
        model = ExitInterview
        fields: list[str] = []
