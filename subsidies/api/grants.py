"""Grants with their items and ledger, and the budgets, read by machines. Yuan are strings with two decimals."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Prefetch
from rest_framework import serializers

from accounts.models import Scope
from core.api.parameters import DayFilter
from core.api.views import UUID_PATTERN, FieldsSerializer, ReadViewSet
from subsidies.choices import GRANTED_POINTS, GrantState, Point
from subsidies.models import Budget, Grant, GrantItem, LedgerEntry


class YearFilter(django_filters.NumberFilter):
    """A calendar year, a whole number."""

    field_class = forms.IntegerField


class GrantItemSerializer(serializers.ModelSerializer[GrantItem]):
    expense = serializers.CharField(source="expense.number", default=None, read_only=True, allow_null=True)
    talent = serializers.CharField(source="talent.code", default=None, read_only=True, allow_null=True)
    project = serializers.CharField(source="project.code", default=None, read_only=True, allow_null=True)

    class Meta:
        model = GrantItem
        fields = ["expense", "talent", "project", "worth"]
        extra_kwargs = {"worth": {"help_text": "What it counts with, before shares and maxima."}}


class LedgerEntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    class Meta:
        model = LedgerEntry
        fields = ["kind", "amount", "at", "reason"]


class GrantSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.CharField(source="company.code", read_only=True, help_text="The company's code.")
    decision = serializers.UUIDField(
        source="decision.public_id", read_only=True, help_text="The decision that it rests on."
    )
    supplement_to = serializers.UUIDField(
        source="supplement_to.public_id", default=None, read_only=True, allow_null=True,
        help_text="Of a supplement, the grant for whose items it gives more.",
    )  # fmt: skip
    items = GrantItemSerializer(many=True, read_only=True, help_text="Each names one cost, talent or project.")
    ledger = LedgerEntrySerializer(source="entries", many=True, read_only=True)

    class Meta:
        model = Grant
        fields = [
            "id", "number", "company", "point", "part", "year", "state", "amount", "committed", "paid", "recovered",
            "proposed_on", "granted_on", "paid_on", "reason", "decision", "supplement_to", "due_in_all",
            "correction", "more_due", "items", "ledger",
        ]  # fmt: skip
        extra_kwargs = {
            "due_in_all": {"help_text": "Of a supplement, what is due for the items in all."},
            "correction": {"help_text": "Of a supplement, why more is due, in the language of the zone."},
            "more_due": {"help_text": "What is due for the items beyond what was granted, at the last review."},
        }


class GrantFilter(django_filters.FilterSet):
    company = django_filters.CharFilter("company__code", help_text="The company's code, exactly.")
    point = django_filters.ChoiceFilter(choices=[(point.value, point.label) for point in GRANTED_POINTS])
    state = django_filters.ChoiceFilter(choices=GrantState.choices)
    year = YearFilter(help_text="The year whose budget it is of.")
    paid_from = DayFilter("paid_on", "gte", help_text="Paid on this day or later.")
    paid_to = DayFilter("paid_on", "lte", help_text="Paid on this day or earlier.")

    class Meta:
        model = Grant
        fields: list[str] = []


class GrantViewSet(ReadViewSet):
    """What the zone proposed, granted and paid, with what it rests on and each movement of its money."""

    scope = Scope.GRANTS_READ
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    queryset = Grant.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "proposed_on": "proposed_on", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        items = GrantItem.objects.select_related("expense", "talent", "project").order_by("pk")
        entries = LedgerEntry.objects.order_by("at", "pk")
        grants = Grant.objects.visible_to(self.request.user).select_related("company", "decision", "supplement_to")
        return grants.prefetch_related(Prefetch("items", items), Prefetch("entries", entries))


class BudgetSerializer(FieldsSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    left = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)
    paid = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)
    recovered = serializers.DecimalField(max_digits=18, decimal_places=2, read_only=True)

    class Meta:
        model = Budget
        fields = ["id", "point", "year", "amount", "committed", "paid", "recovered", "left"]


class BudgetFilter(django_filters.FilterSet):
    point = django_filters.ChoiceFilter(choices=Point.choices, help_text="One of the eight points.")
    year = YearFilter(help_text="Of this year.")

    class Meta:
        model = Budget
        fields: list[str] = []


class BudgetViewSet(ReadViewSet):
    """Of each point and year, what the zone has, and what of it is committed and paid."""

    scope = Scope.GRANTS_READ
    serializer_class = BudgetSerializer
    filterset_class = BudgetFilter
    queryset = Budget.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "year": "year", "point": "point"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return Budget.objects.visible_to(self.request.user).with_paid()
