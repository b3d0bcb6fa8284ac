"""The register, read by machines, and the reports, read and entered by them."""

from typing import Any

from accounts.models import Scope
from companies.api.bodies import ReportBody
from companies.api.filters import CompanyFilter, ReportFilter
from companies.api.serializers import CompanySerializer, ReportSerializer
from companies.models import Company, Report
from companies.models.register import CODE_PATTERN
from companies.records.api import VoidableViewSet
from companies.views import reports
from core.api.bodies import Body
from core.api.views import UUID_PATTERN, ReadViewSet


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
        found = Company.objects.visible_to(self.request.user).select_related("merged_into")
        return found.defer("search_text", "search", "merged_into__search_text", "merged_into__search")


class ReportViewSet(VoidableViewSet):
    """What companies reported of a quarter or a year, also reports that were declared void."""

    kind = reports.PAGES
    scope = Scope.REPORTS_READ
    write_scope = Scope.REPORTS_WRITE
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    queryset = Report.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {
        "entered": "pk", "company": "company__code", "period_end": "period_end", "updated_at": "updated_at",
    }  # fmt: skip
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        reports = Report.objects.visible_to(self.request.user).select_related("company")
        return reports.prefetch_related("answers__question")

    def body(self, act: str) -> Body:
        body = super().body(act)
        return body if act == "void" else ReportBody(body.members.values())
