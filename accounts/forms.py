"""Shapes of what people type about accounts. The rules are the services'."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, StaffRole, User
from accounts.services import LONGEST_KEY_DAYS
from core.text import refuse_turning_marks


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("For the pages and for mails to you.")
    )

    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        refuse_turning_marks(name)
        return name


class GrantForm(forms.Form):
    """Whom to give which role."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("The person signs up and verifies this address first."))
    role = forms.ChoiceField(label=_("Role"), choices=StaffRole.choices)

    def clean_email(self) -> User:
        email = self.cleaned_data["email"]
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has signed up with this e-mail."))
        return user


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses the key, such as “Finance, monthly statements”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=LONGEST_KEY_DAYS, initial=365)

    def service_arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "scopes", "days")}
