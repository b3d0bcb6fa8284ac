"""What companies paid and whom, read and entered by machines. The admission of suppliers stays the zone's."""

from typing import Any

import django_filters
from rest_framework import serializers

from accounts.models import Scope
from companies.records.api import RecordViewSet, VoidableViewSet
from core.api.fields import FirstDayField, KnownTextField, LastDayField
from core.api.parameters import DayFilter, ValidityFilter
from core.api.views import NUMBER_PATTERN, FieldsSerializer
from subsidies.choices import ExpenseKind, Point
from subsidies.models import Expense, Supplier
from subsidies.views import expenses, suppliers


class ExpenseFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    point = django_filters.ChoiceFilter(choices=Point.choices, help_text="One of the eight points.")
    kind = django_filters.ChoiceFilter(choices=ExpenseKind.choices, help_text="What a voucher is for.")
    supplier = django_filters.CharFilter("supplier__code", help_text="The supplier's code, exactly.")
    paid_from = DayFilter("paid_on", "gte", help_text="Paid on this day or later.")
    paid_to = DayFilter("paid_on", "lte", help_text="Paid on this day or earlier.")
    voided = ValidityFilter()

    class Meta:
        model = Expense
        fields: list[str] = []


class SupplierFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The code of the company that it is.")
    on = DayFilter("admission", "contains", help_text="Admitted on this day.")

    class Meta:
        model = Supplier
        fields: list[str] = []


class ExpenseSerializer(FieldsSerializer):
    expense = serializers.CharField(source="number", read_only=True, help_text="The cost's number.")
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    kind = KnownTextField(help_text="model, compute or compute_other; null for every point but ai_vouchers.")
    supplier = serializers.CharField(
        source="supplier.code", default=None, read_only=True, allow_null=True, help_text="The supplier's code."
    )
    contract = KnownTextField(help_text="The contract or invoice.")
    void_reason = KnownTextField()

    class Meta:
        model = Expense
        fields = [
            "expense", "company", "point", "kind", "supplier", "contract", "amount", "paid_on", "voided_at",
            "void_reason", "updated_at",
        ]  # fmt: skip


class SupplierSerializer(FieldsSerializer):
    supplier = serializers.CharField(source="code", read_only=True, help_text="The supplier's code.")
    company = serializers.CharField(
        source="company.code",
        default=None,
        read_only=True,
        allow_null=True,
        help_text="The code of the company that it is, where it stands in the register.",
    )
    admitted_from = FirstDayField(source="admission", help_text="null: not admitted.")
    admitted_until = LastDayField(source="admission", help_text="The last day, included; null while it is open.")

    class Meta:
        model = Supplier
        fields = ["supplier", "name", "company", "admitted_from", "admitted_until", "updated_at"]


class ExpenseViewSet(VoidableViewSet):
    """Costs that companies put forward for a point of the policy, also those that were declared void."""

    kind = expenses.PAGES
    scope = Scope.EXPENSES_READ
    write_scope = Scope.EXPENSES_WRITE
    serializer_class = ExpenseSerializer
    filterset_class = ExpenseFilter
    queryset = Expense.objects.none()
    lookup_field = "number"
    lookup_url_kwarg = "expense"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {
        "expense": "number", "company": "company__code", "paid_on": "paid_on", "updated_at": "updated_at",
    }  # fmt: skip
    default_ordering = "expense"

    def get_queryset(self) -> Any:
        return Expense.objects.visible_to(self.request.user).select_related("company", "supplier")


class SupplierViewSet(RecordViewSet):
    """Whom companies paid, and when the zone admits them for vouchers."""

    kind = suppliers.PAGES
    scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    serializer_class = SupplierSerializer
    filterset_class = SupplierFilter
    queryset = Supplier.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "supplier"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {"supplier": "code", "name": "name", "updated_at": "updated_at"}
    default_ordering = "supplier"

    def get_queryset(self) -> Any:
        return Supplier.objects.visible_to(self.request.user).select_related("company")
