"""The parts of pages, each in its states, on one page: where they are looked at and tested. For staff only."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from accounts.access import staff_required
from core.forms import DayInput
from core.periods import period
from core.tables import MoneyColumn, PeriodColumn, PickColumn, PillColumn, PortalTable


class SampleForm(forms.Form):
    """One field of every kind that the templates lay out differently."""

    name = forms.CharField(label="Registered name", help_text="As on the business licence.")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), ("company", "Company"), ("team", "Team")])
    since = forms.DateField(label="Since", widget=DayInput, required=False)
    scale = forms.ChoiceField(label="Size", widget=forms.RadioSelect, choices=[("s", "Small"), ("l", "Large")])
    wishes = forms.MultipleChoiceField(
        label="Wishes",
        widget=forms.CheckboxSelectMultiple,
        choices=[("desk", "A desk"), ("lab", "A lab")],
        required=False,
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="What is written here is true")


class SampleFilter(forms.Form):
    """What stands above a table; pages take a django-filter form instead."""

    q = forms.CharField(label="Search", widget=forms.TextInput(attrs={"type": "search"}), required=False)
    state = forms.ChoiceField(
        label="State", choices=[("", "All"), ("let", "Let"), ("reserved", "Reserved"), ("free", "Free")], required=False
    )


class SampleTable(PortalTable):
    region = "samples"
    caption = "Samples"

    pick = PickColumn()
    name = tables.Column(verbose_name="Name")
    state = PillColumn({"let": "good", "reserved": "wait"}, verbose_name="State")
    term = PeriodColumn(verbose_name="Term")
    rent = MoneyColumn(verbose_name="Rent")


def _filtered(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    words, state = values.get("q", "").lower(), values.get("state", "")
    return [row for row in _rows() if words in row["name"].lower() and state in ("", row["state"])]


def _rows() -> list[dict[str, Any]]:
    states = ["let", "reserved", "free"]
    return [
        {
            "pk": number,
            "name": f"Unit A-{100 + number}",
            "state": states[number % 3],
            "term": period(dt.date(2026, 1 + number % 12, 1), None if number % 2 else dt.date(2028, 12, 31)),
            "rent": Decimal(1000 * number) + Decimal("0.50"),
        }
        for number in range(1, 41)
    ]


@staff_required()
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with invented content."""
    table = SampleTable(_filtered(request.GET))
    RequestConfig(request, paginate={"per_page": 8}).configure(table)
    context = {
        "form": SampleForm(),
        "refused": SampleForm({"name": "", "scale": "x"}),
        "filter": SampleFilter(request.GET),
        "table": table,
        "nothing": SampleTable([], prefix="none-"),
        "months": [f"2026-{number:02d}" for number in range(1, 13)],
        "series": [("Waived", [Decimal(40000 + 3500 * number) for number in range(12)]),
                   ("Payable", [Decimal(15000 + 900 * number) for number in range(12)])],
        "trend": [3, 4, 4, 6, 5, 8, 9],
        "steps": [{"label": "Company", "state": "done", "url": "#"}, {"label": "People", "state": "now"},
                  {"label": "Check", "state": ""}],
        "funnel": [{"label": "Sent", "count": 48, "share": 100},
                   {"label": "Admitted", "count": 21, "share": 44, "of_before": Decimal("0.44")}],
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "styleguide.html", context)
