"""How lists of records are narrowed down: by words, by what is void, and by what each kind adds."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company


class SearchInput(forms.TextInput):
    """A search field: what is typed narrows the list at once."""

    input_type = "search"


class RecordFilter(django_filters.FilterSet):
    """Records by words: names of the company in either script, or a part of one of the fields in `searched`. Without a
    state the void ones are left out."""

    searched: tuple[str, ...] = ()

    q = django_filters.CharFilter(label=_("Company or number"), method="by_words", widget=SearchInput)
    state = django_filters.ChoiceFilter(
        label=_("State"), method="by_state", empty_label=_("Valid"), choices=[("void", _("void"))]
    )

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.valid()
        return super().filter_queryset(queryset)

    def by_words(self, records: Any, _name: str, words: str) -> Any:
        companies = Q(company__in=Company.objects.search_for(words).values("pk"))
        fields = (Q(**{f"{field}__icontains": words}) for field in self.searched)
        return records.filter(reduce(or_, fields, companies))

    def by_state(self, records: Any, _name: str, _value: str) -> Any:
        return records.exclude(voided_at=None)
