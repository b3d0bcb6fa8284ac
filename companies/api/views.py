"""The register, read by machines."""

from typing import Any

from accounts.models import Scope
from companies.api.filters import CompanyFilter
from companies.api.serializers import CompanySerializer
from companies.models import Company
from companies.models.register import CODE_PATTERN
from core.api.views import ReadViewSet


class CompanyViewSet(ReadViewSet):
    """Companies, teams and anchor companies of the zone."""

    scope = Scope.COMPANIES_READ
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter
    queryset = Company.objects.none()
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN.strip("^$")
    ordering_fields = {"code": "code", "name": "name_key", "founded_on": "founded_on", "updated_at": "updated_at"}
    default_ordering = "code"

    def get_queryset(self) -> Any:
        return Company.objects.visible_to(self.request.user).defer("search_text", "search")
