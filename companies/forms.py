"""Shape of what staff and founders type about companies, people and decisions. What it means, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.choices import CompanyKind, MemberRole, RelationKind, Stage
from companies.credit_codes import normalized, validate_uscc
from companies.fields import CompanyField
from companies.models import Company, OfficialCheck
from companies.records.forms import RecordForm
from core.forms import DayInput
from core.periods import first_day, last_day, period

UNKNOWN = [("", gettext_lazy("not known")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
YES_NO = {"yes": True, "no": False, "": None}
PERIODS = {"registration": ("registered_on", "deregistered_on"), "operation": ("operating_from", "operating_until")}


class CompanyForm(forms.Form):
    """A company of the register. `values()` gives the fields as the services take them; empty is unknown."""

    use_required_attribute = False

    code = forms.CharField(label=gettext_lazy("Code"), max_length=32)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200, required=False)
    uscc = forms.CharField(label=gettext_lazy("Unified social credit code"), max_length=30, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CompanyKind.choices)
    industry = forms.CharField(label=gettext_lazy("Industry"), max_length=80, required=False)
    founded_on = forms.DateField(label=gettext_lazy("Founded on"), widget=DayInput, required=False)
    registered_on = forms.DateField(label=gettext_lazy("Registered in the zone from"), widget=DayInput, required=False)
    deregistered_on = forms.DateField(
        label=gettext_lazy("Registered in the zone until"),
        help_text=gettext_lazy("The last day, included. Empty: still registered."),
        widget=DayInput,
        required=False,
    )
    operating_from = forms.DateField(label=gettext_lazy("Operating from"), widget=DayInput, required=False)
    operating_until = forms.DateField(
        label=gettext_lazy("Operating until"),
        help_text=gettext_lazy("The last day, included. Empty: still operating."),
        widget=DayInput,
        required=False,
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=[("", gettext_lazy("not known")), *Stage.choices], required=False
    )
    listed = forms.ChoiceField(label=gettext_lazy("Listed on an exchange"), choices=UNKNOWN, required=False)
    bad_credit = forms.ChoiceField(label=gettext_lazy("Bad credit record"), choices=UNKNOWN, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, required=False)
    website = forms.URLField(label=gettext_lazy("Website"), max_length=300, required=False, assume_scheme="https")
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with a change of stage."),
        max_length=500,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_uscc(self) -> str:
        code = normalized(self.cleaned_data["uscc"])
        if code:
            validate_uscc(code)
        return code

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for first, last in PERIODS.values():
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, _("The last day lies before the first day."))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        periods = {name: period(cleaned[first], cleaned[last]) for name, (first, last) in PERIODS.items()}
        plain = ("code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "stage", "country", "website")
        ticks = {name: YES_NO[cleaned[name]] for name in ("listed", "bad_credit")}
        return {**{name: cleaned[name] for name in plain}, **periods, **ticks}


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """Stored values as the form's initial ones: periods as two days, unknown as empty."""
    initial = {name: value for name, value in values.items() if name not in PERIODS}
    for name, (first, last) in PERIODS.items():
        initial |= {first: first_day(values.get(name)), last: last_day(values.get(name))}
    words = {True: "yes", False: "no"}
    return {
        **initial,
        **{
            name: words.get(bool(values[name]), "") if values.get(name) is not None else ""
            for name in ("listed", "bad_credit")
        },
    }


def initial_of(company: Company) -> dict[str, Any]:
    names = (
        "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registration", "operation", "stage",
        "listed", "bad_credit", "country", "website", "revision",
    )  # fmt: skip
    return typed({name: getattr(company, name) for name in names})


def renew_revision(form: forms.Form, company: Company) -> None:
    """After a stale page was refused: what was typed stays, and may be saved over what the reader now knows of."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["revision"] = Company.objects.values_list("revision", flat=True).get(pk=company.pk)
    form.data = data


class ProfileForm(forms.Form):
    """What a company's owner changes himself."""

    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200, required=False)
    website = forms.URLField(label=gettext_lazy("Website"), max_length=300, required=False, assume_scheme="https")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class InviteForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=MemberRole.choices, initial=MemberRole.EDITOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=MemberRole.choices)


class RelationForm(forms.Form):
    """Another company by its code."""

    use_required_attribute = False

    other = forms.CharField(label=gettext_lazy("Code of the other company"), max_length=32)
    kind = forms.ChoiceField(label=gettext_lazy("It is the"), choices=RelationKind.choices)
    since = forms.DateField(label=gettext_lazy("Since"), widget=DayInput, required=False)
    until = forms.DateField(label=gettext_lazy("Until"), widget=DayInput, required=False)

    def clean_other(self) -> Company:
        company = Company.objects.by_code(self.cleaned_data["other"].strip())
        if company is None:
            raise forms.ValidationError(_("The register has no company with this code."))
        return company


class MergeForm(forms.Form):
    """The company that another one is, and how that is known."""

    use_required_attribute = False

    survivor = CompanyField(label=gettext_lazy("The company that it is, and that remains"))
    reason = forms.CharField(
        label=gettext_lazy("How you know that they are the same"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """Why a merge is refused."""

    use_required_attribute = False

    answer = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why two companies are not the same; it may stay empty."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


class NoteForm(forms.Form):
    """What the applicant reads."""

    use_required_attribute = False

    note = forms.CharField(
        label=gettext_lazy("What the applicant reads"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class OfficialCheckForm(RecordForm):
    """The day is given once: a check of another day is another one."""

    model = OfficialCheck
    number = "checked_on"
    typed = ("source", "outcome", "note")
    field_order = ("company", "checked_on", "source", "outcome", "note")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["source"].help_text = _("Such as the National Enterprise Credit Information Publicity System.")
        self.fields["note"].help_text = _("Empty where everything agrees. What is wrong here, correct in the register.")
        self.fields["note"].widget = forms.Textarea({"rows": 4})
