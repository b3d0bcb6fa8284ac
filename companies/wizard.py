"""What an application asks: steps, one thing a page, as forms that both the pages and the sending check.

A draft may be wrong or unfinished: answers are kept as typed, and `problems_of` says what is in the way of sending.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.choices import CompanyKind
from companies.credit_codes import normalized, validate_uscc
from core.forms import DayInput
from core.periods import Day
from core.text import refuse_turning_marks

Answers = Mapping[str, Mapping[str, str]]
LONGEST_ANSWER = 4000


class StepForm(forms.Form):
    """A page of the wizard. `kind` is that of the applicant, `on` the day against which days are checked."""

    use_required_attribute = False

    def __init__(self, *args: Any, kind: str, on: Day, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.applicant = kind
        self.on = on
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators = [*field.validators, refuse_turning_marks]


class KindForm(StepForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Who applies?"),
        widget=forms.RadioSelect,
        choices=[
            (CompanyKind.COMPANY, gettext_lazy("A company that is incorporated")),
            (CompanyKind.TEAM, gettext_lazy("A team that has no company yet")),
        ],
    )


class IdentityForm(StepForm):
    """Name and identifiers. A team has no credit code and no days yet."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200, required=False)
    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("18 characters, on the business licence. Leave it out if you are registered abroad."),
        widget=forms.TextInput(attrs={"class": "zp-code", "spellcheck": "false", "autocomplete": "off"}),
    )
    founded_on = forms.DateField(label=gettext_lazy("Founded on"), widget=DayInput, required=False)
    registered_on = forms.DateField(
        label=gettext_lazy("Registered in the zone on"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("Only if the company is registered in the zone already."),
    )
    country = forms.CharField(
        label=gettext_lazy("Country of registration"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Two letters, such as CN or DE."),
        validators=[RegexValidator(r"^[A-Za-z]{2}$", gettext_lazy("Use the two-letter country code, such as CN."))],
    )
    website = forms.URLField(label=gettext_lazy("Website"), max_length=300, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.applicant == CompanyKind.TEAM:
            for name in ("uscc", "founded_on", "registered_on"):
                del self.fields[name]
            self.fields["name"].label = _("Name of the team")

    def clean_uscc(self) -> str:
        code = normalized(self.cleaned_data["uscc"])
        if code:
            validate_uscc(code)
        return code

    def clean_founded_on(self) -> Day | None:
        founded: Day | None = self.cleaned_data["founded_on"]
        if founded and founded > self.on:
            raise ValidationError(_("This day lies in the future. If the company is not founded yet, apply as a team."))
        return founded

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.applicant == CompanyKind.COMPANY:
            if cleaned.get("country", "") in ("", "CN") and "uscc" in cleaned and not cleaned["uscc"]:
                self.add_error("uscc", _("A company registered in China has a credit code."))
            founded, registered = cleaned.get("founded_on"), cleaned.get("registered_on")
            if founded and registered and registered < founded:
                self.add_error("registered_on", _("The company cannot be registered here before it was founded."))
        return cleaned


class PeopleForm(StepForm):
    contact = forms.CharField(label=gettext_lazy("Who do we talk to?"), max_length=120)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        required=False,
        validators=[RegexValidator(r"^[+0-9() /.-]{5,40}$", gettext_lazy("Write digits, such as +86 571 8888 0000."))],
    )
    founders = forms.CharField(
        label=gettext_lazy("Founders"),
        max_length=2000,
        help_text=gettext_lazy("One a line, with what each of them does."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    team_size = forms.IntegerField(
        label=gettext_lazy("How many people work with you?"), min_value=1, max_value=100_000, required=False
    )


class BuildingForm(StepForm):
    industry = forms.CharField(
        label=gettext_lazy("Industry"),
        max_length=80,
        help_text=gettext_lazy("Such as robotics, games, or chip design."),
    )
    field = forms.ChoiceField(
        label=gettext_lazy("Field"),
        widget=forms.RadioSelect,
        choices=[
            ("ai", gettext_lazy("Artificial intelligence")),
            ("culture", gettext_lazy("Culture and technology")),
            ("other", gettext_lazy("Something else")),
        ],
    )
    summary = forms.CharField(
        label=gettext_lazy("What do you build, and for whom?"),
        max_length=LONGEST_ANSWER,
        min_length=40,
        help_text=gettext_lazy("A few sentences. At least 40 characters."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class SpaceForm(StepForm):
    want = forms.ChoiceField(
        label=gettext_lazy("What do you need?"),
        widget=forms.RadioSelect,
        choices=[
            ("office", gettext_lazy("An office of our own")),
            ("desks", gettext_lazy("Desks in a shared office")),
            ("none", gettext_lazy("Nothing yet")),
        ],
    )
    area_m2 = forms.DecimalField(
        label=gettext_lazy("Area in m²"), min_value=1, max_value=100_000, max_digits=8, decimal_places=2, required=False
    )
    desks = forms.IntegerField(label=gettext_lazy("Desks"), min_value=1, max_value=10_000, required=False)
    wanted_from = forms.DateField(label=gettext_lazy("From when"), widget=DayInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        want = cleaned.get("want")
        if want == "office" and "area_m2" in cleaned and not cleaned["area_m2"]:
            self.add_error("area_m2", _("Say roughly how large the office should be."))
        if want == "desks" and "desks" in cleaned and not cleaned["desks"]:
            self.add_error("desks", _("Say how many desks you need."))
        return cleaned


@dataclass(frozen=True)
class Step:
    """A page of the wizard: its address, its name in the list, its heading, what it asks."""

    name: str
    label: Any
    title: Any
    form: type[StepForm]


STEPS = (
    Step("kind", gettext_lazy("Kind"), gettext_lazy("Who applies?"), KindForm),
    Step("identity", gettext_lazy("Identity"), gettext_lazy("What is it called?"), IdentityForm),
    Step("people", gettext_lazy("People"), gettext_lazy("Who is behind it?"), PeopleForm),
    Step("building", gettext_lazy("What you build"), gettext_lazy("What do you build?"), BuildingForm),
    Step("space", gettext_lazy("Space"), gettext_lazy("Which space do you need?"), SpaceForm),
)
BY_NAME = {step.name: step for step in STEPS}


@dataclass(frozen=True)
class Problem:
    """Something in the way of sending: the step and field where it is put right."""

    step: Step
    field: str
    label: str
    message: str


def form_for(step: Step, *, kind: str, answers: Answers, on: Day) -> StepForm:
    """The step's form bound to what was typed; not bound when nothing was yet."""
    typed = answers.get(step.name)
    return step.form(typed, kind=kind, on=on) if typed else step.form(kind=kind, on=on)


def problems_of(*, kind: str, answers: Answers, on: Day) -> list[Problem]:
    """All that is missing or wrong, in the order of the steps."""
    return [problem for step in STEPS for problem in _problems_in(step, kind, answers, on)]


def _problems_in(step: Step, kind: str, answers: Answers, on: Day) -> Iterator[Problem]:
    form = step.form(answers.get(step.name, {}), kind=kind, on=on)
    for name, errors in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else str(step.label)
        yield Problem(step, name if name in form.fields else "", label, " ".join(str(error) for error in errors))


def cleaned(*, kind: str, answers: Answers, on: Day) -> dict[str, Any]:
    """What the answers say, typed, one mapping for all steps; what is wrong or missing is left out."""
    found: dict[str, Any] = {}
    for step in STEPS:
        form = step.form(answers.get(step.name, {}), kind=kind, on=on)
        form.is_valid()
        found.update(form.cleaned_data)
    return found


def kept(step: Step, typed: Mapping[str, Any]) -> dict[str, str]:
    """What of a request is kept for a step: its own fields, as typed, cut at a length no honest answer has."""
    return {name: str(typed.get(name, ""))[:LONGEST_ANSWER] for name in step.form.base_fields if name in typed}


def summary_of(step: Step, *, kind: str, answers: Answers, on: Day) -> list[tuple[str, str, str]]:
    """The answers of a step for reading: (field, label, what was answered), "" for nothing."""
    form = step.form(answers.get(step.name, {}), kind=kind, on=on)
    return [(name, str(field.label), _in_words(form, name, field)) for name, field in form.fields.items()]


def _in_words(form: StepForm, name: str, field: forms.Field) -> str:
    typed = str(form.data.get(name, ""))
    if isinstance(field, forms.ChoiceField):
        return str(next((label for value, label in field.choices if value == typed), typed))  # type: ignore[union-attr,misc]
    return typed
