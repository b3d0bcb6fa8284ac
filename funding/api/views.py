"""Projects and loans, read by machines."""

from typing import Any

from accounts.models import Scope
from core.api.views import NUMBER_PATTERN, ReadViewSet
from funding.api.filters import LoanFilter, ProjectFilter
from funding.api.serializers import LoanSerializer, ProjectSerializer
from funding.models import Loan, Project


class ProjectViewSet(ReadViewSet):
    """Projects put forward as leading or for the angel fund, also those that were declared void."""

    scope = Scope.PROJECTS_READ
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    queryset = Project.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "project"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {
        "project": "code", "company": "company__code", "score": "score", "updated_at": "updated_at",
    }  # fmt: skip
    default_ordering = "project"

    def get_queryset(self) -> Any:
        return Project.objects.visible_to(self.request.user).select_related("company")


class LoanViewSet(ReadViewSet):
    """Bank loans with what was paid back of them, also those that were declared void."""

    scope = Scope.LOANS_READ
    serializer_class = LoanSerializer
    filterset_class = LoanFilter
    queryset = Loan.objects.none()
    lookup_field = "number"
    lookup_url_kwarg = "loan"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {
        "loan": "number", "company": "company__code", "drawn_on": "drawn_on", "updated_at": "updated_at",
    }  # fmt: skip
    default_ordering = "loan"

    def get_queryset(self) -> Any:
        return Loan.objects.visible_to(self.request.user).select_related("company").with_repayments()
