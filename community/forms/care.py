"""The forms of contacts and checklists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.choices import Audience
from community.models.checklists import LONGEST_NOTE
from community.models.fields import LONGEST_NAME
from companies.choices import Stage
from core.forms import DayInput
from core.periods import Day

MOST_PLACES = 999


class ContactForm(forms.Form):
    """Who is the company's contact, and from when on."""

    use_required_attribute = False

    person = forms.ModelChoiceField(User.objects.none(), label=_("Contact"), empty_label="–")
    since = forms.DateField(label=_("From"), widget=DayInput)

    def __init__(self, *args: Any, on: Day, **options: Any):
        super().__init__(*args, **{"initial": {"since": on}, **options})
        staff = User.objects.filter(is_active=True, role_grants__isnull=False).distinct()
        self.fields["person"].queryset = staff.order_by("name", "email")  # type: ignore[attr-defined]


class TickForm(forms.Form):
    """On which day it was done."""

    use_required_attribute = False

    ticked_on = forms.DateField(label=_("Done on"), widget=DayInput)
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, required=False, help_text=_("The company reads it too.")
    )


class EntryForm(forms.Form):
    """A line of the checklist of a stage."""

    use_required_attribute = False

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    audience = forms.ChoiceField(
        label=_("For"), choices=[("", _("companies and teams")), *Audience.choices], required=False
    )
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=MOST_PLACES, initial=10, help_text=_("Smaller numbers come first.")
    )
    name = forms.CharField(label=_("What is to be done"), max_length=LONGEST_NAME)
    name_zh = forms.CharField(label=_("The same in Chinese"), max_length=LONGEST_NAME, required=False)
    name_de = forms.CharField(label=_("The same in German"), max_length=LONGEST_NAME, required=False)
    is_retired = forms.BooleanField(label=_("Retired: nobody is to do it any more"), required=False)
