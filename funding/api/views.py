"""Projects, loans, repayments and financing rounds, read and entered by machines."""

from typing import Any

from accounts.models import Scope
from companies.records.api import VoidableViewSet
from core.api.views import NUMBER_PATTERN, UUID_PATTERN
from funding.api.filters import LoanFilter, ProjectFilter, RepaymentFilter, RoundFilter
from funding.api.repayments import RepaymentKind
from funding.api.serializers import LoanSerializer, OwnRepaymentSerializer, ProjectSerializer, RoundSerializer
from funding.models import Loan, Project, Repayment, Round
from funding.views import loans, projects, rounds


class ProjectViewSet(VoidableViewSet):
    """Projects put forward as leading or for the angel fund, also those that were declared void."""

    kind = projects.PAGES
    scope = Scope.PROJECTS_READ
    write_scope = Scope.PROJECTS_WRITE
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


class LoanViewSet(VoidableViewSet):
    """Bank loans with what was paid back of them, also those that were declared void."""

    kind = loans.PAGES
    scope = Scope.LOANS_READ
    write_scope = Scope.LOANS_WRITE
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


class RepaymentViewSet(VoidableViewSet):
    """What was paid back of loans, by day, also what was declared void."""

    kind = RepaymentKind()
    scope = Scope.LOANS_READ
    write_scope = Scope.LOANS_WRITE
    serializer_class = OwnRepaymentSerializer
    filterset_class = RepaymentFilter
    queryset = Repayment.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "loan": "loan__number", "paid_on": "paid_on", "updated_at": "updated_at"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return Repayment.objects.visible_to(self.request.user).select_related("loan__company")


class RoundViewSet(VoidableViewSet):
    """Financing rounds of companies, also those that were declared void."""

    kind = rounds.PAGES
    scope = Scope.ROUNDS_READ
    write_scope = Scope.ROUNDS_WRITE
    serializer_class = RoundSerializer
    filterset_class = RoundFilter
    queryset = Round.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {
        "entered": "pk", "company": "company__code", "closed_on": "closed_on", "updated_at": "updated_at",
    }  # fmt: skip
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return Round.objects.visible_to(self.request.user).select_related("company")
