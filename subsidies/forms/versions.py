"""What is typed to draft and edit a version of the policy. What it means, the services decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import DayInput
from subsidies.choices import Provenance
from subsidies.numbers import unit_name
from subsidies.rules.pack import LANGUAGES, MOST_CHARACTERS
from subsidies.rules.parameters import Since

LANGUAGE_NAMES = {"en": _("English"), "zh-hans": _("Chinese"), "de": _("German")}


class DayForm(forms.Form):
    """From which day on a draft is to be in force. `revision`: how often it had been changed when it was read."""

    effective_from = forms.DateField(label=_("In force from"), widget=DayInput, input_formats=["%Y-%m-%d"])
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DraftForm(forms.Form):
    base = forms.ChoiceField(label=_("Copy of"))
    name = forms.CharField(label=_("Name of the version"), max_length=40, help_text=_("As in 2026.1."))
    effective_from = forms.DateField(
        label=_("In force from"),
        widget=DayInput,
        input_formats=["%Y-%m-%d"],
        help_text=_("After the first day of the newest version. It can still be changed."),
    )

    def __init__(self, *args: Any, bases: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["base"].choices = [(name, name) for name in bases]  # type: ignore[attr-defined]


class PackForm(forms.Form):
    """A policy pack in a file, read as text."""

    file = forms.FileField(
        label=_("Policy pack"),
        help_text=_("A YAML file, as the download of a version gives it."),
        widget=forms.FileInput({"accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> tuple[str, str]:
        """Its name and its text."""
        file = self.cleaned_data["file"]
        if file.size > 4 * MOST_CHARACTERS:
            raise forms.ValidationError(_("The file is too large for a policy pack."))
        try:
            return file.name, file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is not UTF-8 text.")) from error


class TextForm(forms.Form):
    """A name and a clause in each language: the fields are `name_en`, `clause_en` and so on."""

    use_required_attribute = False

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for language, label in LANGUAGE_NAMES.items():
            marked = {"lang": "zh-Hans" if language == "zh-hans" else language}
            self.fields[f"name_{language}"] = forms.CharField(
                label=_("Name in %(language)s") % {"language": label}, max_length=200, widget=forms.TextInput(marked)
            )
            self.fields[f"clause_{language}"] = forms.CharField(
                label=_("Clause in %(language)s") % {"language": label},
                max_length=10_000,
                widget=forms.Textarea({"rows": 4, **marked}),
            )

    def words(self, part: str) -> dict[str, str]:
        """The `name` or the `clause` by language."""
        return {language: self.cleaned_data[f"{part}_{language}"] for language in LANGUAGES}


class OriginForm(forms.Form):
    """Where a value comes from."""

    use_required_attribute = False

    provenance = forms.ChoiceField(label=_("Provenance"), choices=Provenance.choices)
    source = forms.CharField(label=_("Source"), max_length=2000, widget=forms.Textarea({"rows": 2}))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NumberForm(OriginForm):
    """A parameter of one value."""

    value = forms.DecimalField(label=_("Value"), max_digits=20, widget=forms.NumberInput({"step": "any"}))

    field_order = ["value", "provenance", "source", "revision"]

    def __init__(self, *args: Any, unit: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["value"].label = _("Value (%(unit)s)") % {"unit": unit_name(unit)}


class StepForm(forms.Form):
    """One step of a series; a row that is left empty is none."""

    use_required_attribute = False

    day = forms.DateField(label=_("From"), widget=DayInput, input_formats=["%Y-%m-%d"], required=False)
    value = forms.DecimalField(
        label=_("Value"), max_digits=20, widget=forms.NumberInput({"step": "any"}), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and (cleaned.get("day") is None) != (cleaned.get("value") is None):
            raise forms.ValidationError(_("A step has a day and a value. Empty both to leave it out."))
        return cleaned


Steps = forms.formset_factory(StepForm, extra=2, max_num=1000)


def steps_of(formset: Any) -> tuple[Since, ...]:
    """The steps that were filled in, in the order of their days."""
    filled = [form.cleaned_data for form in formset if form.cleaned_data.get("day")]
    return tuple(sorted((Since(one["day"], one["value"]) for one in filled), key=lambda step: step.day))


def blame(form: forms.Form, refused: DomainError) -> None:
    """A service's refusal beside the fields that it names, or above all of them."""
    for name, told in refused.fields.items():
        form.add_error(name if name in form.fields else None, told)
    if not refused.fields:
        form.add_error(None, str(refused))
