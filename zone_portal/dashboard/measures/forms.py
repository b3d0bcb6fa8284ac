"""What the pages of measures ask for."""

from typing import Any

from django import forms
from django.db import models
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from core.forms import DayInput
from zone_portal.dashboard.models import Target


def _typed(field: Any, **options: Any) -> Any:
    if isinstance(field, models.DateField):
        options["widget"] = DayInput
    return field.formfield(**options)


class TargetForm(forms.Form):
    """Shape alone: what the constraints of a target say, the service answers."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = ("figure", "year", "value", "source", "adopted_on")
        self.fields.update(fields_for_model(Target, names, formfield_callback=_typed))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it was entered in error"), max_length=1000, widget=forms.Textarea({"rows": 3}), required=False
    )


class SectorsForm(forms.Form):
    """A choice for each industry; `industries` are (name, companies, present sector) in their order."""

    def __init__(self, *args: Any, industries: Any, choices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.industries = {f"industry-{place}": name for place, (name, _count, _sector) in enumerate(industries)}
        for place, (name, count, sector) in enumerate(industries):
            label = _("%(industry)s (%(count)d)") % {"industry": name, "count": count}
            self.fields[f"industry-{place}"] = forms.ChoiceField(
                label=label, choices=choices, initial=sector, required=False
            )

    @property
    def sectors(self) -> dict[str, str]:
        """Industry and sector, as they were chosen."""
        return {name: self.cleaned_data[key] for key, name in self.industries.items()}
