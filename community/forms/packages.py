"""The form of a support package: when and for whom, and a row of fields for each of its items."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from community.choices import Audience, PolicyPoint, SupportKind, SupportPer, SupportUnit
from community.models import SupportItem, SupportPackage
from community.models.fields import LONGEST_DETAILS, LONGEST_NAME
from community.models.packages import ITEM_CODE, ITEM_CODE_FORM, LEAST, LONGEST_NOTE, MOST
from companies.choices import Stage
from core.forms import DayInput
from spaces.models import Campus

SPARE = 3  # empty items below those that there are
MOST_ITEMS = 40
ITEM_FIELDS = (
    "code", "kind", "amount", "unit", "per", "point", "name", "name_zh", "name_de", "details", "details_zh",
    "details_de",
)  # fmt: skip


class PackageForm(forms.Form):
    """For whom, from when on, and why."""

    use_required_attribute = False

    audience = forms.ChoiceField(label=_("For"), choices=Audience.choices)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    campus = forms.ModelChoiceField(
        Campus.objects.all(), label=_("Campus"), required=False, empty_label=_("All campuses"),
        help_text=_("The package of a campus stands in place of that of all campuses, as a whole."),
    )  # fmt: skip
    since = forms.DateField(
        label=_("In force from"), widget=DayInput,
        help_text=_("The version in force now ends on the day before. With room credits: the first of a month."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), widget=DayInput, required=False, help_text=_("Empty: until another version follows.")
    )
    note = forms.CharField(label=_("Why"), max_length=LONGEST_NOTE, required=False)


class ItemForm(forms.Form):
    """One item. One whose code is empty is none."""

    use_required_attribute = False

    code = forms.RegexField(
        ITEM_CODE, label=_("Code"), required=False, error_messages={"invalid": ITEM_CODE_FORM},
        help_text=_("The same for the same thing in all packages. Empty: no item."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *SupportKind.choices], required=False)
    amount = forms.DecimalField(
        label=_("Amount"), min_value=LEAST, max_value=MOST, max_digits=8, decimal_places=2, required=False,
        help_text=_("Empty: without a limit."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit"), choices=[("", "–"), *SupportUnit.choices], required=False)
    per = forms.ChoiceField(label=_("How long it is to last"), choices=SupportPer.choices, required=False)
    point = forms.ChoiceField(label=_("Point of the policy"), choices=[("", "–"), *PolicyPoint.choices], required=False)
    name = forms.CharField(label=_("Name in English"), max_length=LONGEST_NAME, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_NAME, required=False)
    name_de = forms.CharField(label=_("Name in German"), max_length=LONGEST_NAME, required=False)
    details = forms.CharField(label=_("Details in English"), max_length=LONGEST_DETAILS, required=False)
    details_zh = forms.CharField(label=_("Details in Chinese"), max_length=LONGEST_DETAILS, required=False)
    details_de = forms.CharField(label=_("Details in German"), max_length=LONGEST_DETAILS, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("code"):
            for needed in ("kind", "name"):
                if not said.get(needed) and needed not in self.errors:
                    self.add_error(needed, _("Every item has one."))
        elif "code" not in self.errors and any(said.get(name) for name in ("kind", "amount", "name", "name_zh")):
            self.add_error("code", _("Give the item a code, or empty its other fields."))
        return said


class _Items(BaseFormSet):
    def values(self) -> list[dict[str, Any]]:
        """The items that were typed, with the fields of the model."""
        said = (form.cleaned_data for form in self.forms)
        return [{name: one[name] for name in ITEM_FIELDS} for one in said if one.get("code")]

    @property
    def all_errors(self) -> bool:
        """Whether anything in any of the items was refused."""
        return self.total_error_count() > 0


ItemFormSet = formset_factory(ItemForm, formset=_Items, extra=SPARE, max_num=MOST_ITEMS, validate_max=True)


def items_as_they_are(package: SupportPackage | None) -> Sequence[Mapping[str, Any]]:
    """The items of a package as a form shows them."""
    return [_initial(item) for item in package.items.all()] if package else []


def _initial(item: SupportItem) -> Mapping[str, Any]:
    return {name: getattr(item, name) for name in ITEM_FIELDS}


class EndForm(forms.Form):
    use_required_attribute = False

    last = forms.DateField(label=_("Last day"), widget=DayInput)
