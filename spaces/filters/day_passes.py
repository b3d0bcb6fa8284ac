"""How the list of day passes is narrowed down."""

import django_filters
from django.utils.translation import gettext_lazy as _

from companies.records.filters import RecordFilter
from core.forms import DayInput
from spaces.filters.places import CampusFilter
from spaces.models import DayPass


class DayPassFilter(RecordFilter):
    """Day passes by their holder, code or unit, by campus and day."""

    searched = ("code", "person", "unit__code")

    campus = CampusFilter("unit__building__campus")
    day = django_filters.DateFilter("day", label=_("Day"), widget=DayInput)

    class Meta:
        model = DayPass
        fields: list[str] = []
