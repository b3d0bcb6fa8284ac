"""Fields of forms that name a company, and the list of suggestions that goes with them."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from companies.models import Company

OFFERED = 5


def suggesting(route: str, options: str) -> forms.TextInput:
    """A text field with suggestions of the server, which go into the datalist with the id `options`."""
    return forms.TextInput(
        {
            "list": options,
            "autocomplete": "off",
            "hx-get": reverse_lazy(route),
            "hx-target": f"#{options}",
            "hx-trigger": "input changed delay:250ms, focus once",
            "hx-include": "closest form",
            "hx-sync": "this:replace",
        }
    )


def lists_of(form: forms.Form) -> list[str]:
    """The ids of the datalists that the page of a form needs."""
    named = (field.widget.attrs.get("list") for field in form.fields.values())
    return [name for name in named if name]


class CompanyField(forms.CharField):
    """A company by its code (that of a merged one leads to the surviving one), or by words of its name in either script
    that fit no other. The page has a datalist with the id `company-options`."""

    def __init__(self, **options: Any):
        defaults = {
            "label": _("Company"),
            "max_length": 200,
            "help_text": _("Its code, or words of its name in English or Chinese."),
            "widget": suggesting("companies:offer", "company-options"),
        }
        super().__init__(**{**defaults, **options})

    def clean(self, value: Any) -> Company | None:
        words = super().clean(value)
        if not words:
            return None
        company = Company.objects.by_code(words)
        if company:
            return company
        found = list(Company.objects.unmerged().search_for(words)[: OFFERED + 1])
        if not found:
            raise forms.ValidationError(_("No company is called that."), code="unknown")
        if len(found) > 1:
            codes = ", ".join(f"{company.name} ({company.code})" for company in found[:OFFERED])
            message = _("Several companies fit: %(companies)s. Type the code of one.")
            raise forms.ValidationError(message, code="ambiguous", params={"companies": codes})
        return found[0]
