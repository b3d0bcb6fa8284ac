"""The forms of cohorts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models.fields import LONGEST_NAME
from companies.fields import CompanyField
from core.constraints import NUMBER_LENGTH
from core.forms import DayInput


class CohortForm(forms.Form):
    """What it is called, and between which days its companies came, if they are members by that."""

    use_required_attribute = False

    code = forms.CharField(label=_("Code"), max_length=NUMBER_LENGTH)
    name = forms.CharField(label=_("Name in English"), max_length=LONGEST_NAME)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_NAME, required=False)
    name_de = forms.CharField(label=_("Name in German"), max_length=LONGEST_NAME, required=False)
    arrived_from = forms.DateField(
        label=_("Came on or after"), widget=DayInput, required=False,
        help_text=_("By the first day of the first lease or desk. Without either day, members are put in by hand."),
    )  # fmt: skip
    arrived_until = forms.DateField(label=_("Came on or before"), widget=DayInput, required=False)

    def __init__(self, *args: object, is_new: bool, **options: object):
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if not is_new:
            del self.fields["code"]


class MemberForm(forms.Form):
    use_required_attribute = False

    company = CompanyField()
