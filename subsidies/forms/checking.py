"""What anybody types to check a certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from subsidies.certificates import codes


class CheckForm(forms.Form):
    """The code of a certificate. A typing error is told here; whether there is such a certificate, by its address."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Check code"),
        help_text=_("Six groups of four characters at the foot of each page of the certificate."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "zp-code", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if codes.read(code) is None:
            raise forms.ValidationError(_("There is a typing error in this code: compare it with the paper."))
        return code
