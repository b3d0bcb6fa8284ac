"""Talents, read and entered by machines."""

from typing import Any

from accounts.models import Scope
from community.api.filters import TalentFilter
from community.api.serializers import TalentSerializer
from community.models import Talent
from community.views import talents
from companies.records.api import VoidableViewSet
from core.api.views import NUMBER_PATTERN


class TalentViewSet(VoidableViewSet):
    """High-level talents and where they are employed, also those that were declared void."""

    kind = talents.PAGES
    scope = Scope.TALENTS_READ
    write_scope = Scope.TALENTS_WRITE
    serializer_class = TalentSerializer
    filterset_class = TalentFilter
    queryset = Talent.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "talent"
    lookup_value_regex = NUMBER_PATTERN
    # Not by company: whoever has none would be lost behind a cursor.
    ordering_fields = {"talent": "code", "name": "name", "updated_at": "updated_at"}
    default_ordering = "talent"

    def get_queryset(self) -> Any:
        return Talent.objects.visible_to(self.request.user).select_related("company")
