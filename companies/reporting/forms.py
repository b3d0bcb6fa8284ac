"""Forms of the pages on which the zone says how companies report."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.choices import CompanyKind, Measure, QuestionKind, ReportMonths, Stage
from companies.models.evidence import MOST_BYTES, MOST_COUNT, MOST_PERCENT
from companies.models.questions import LAST_PLACE as LAST_QUESTION
from companies.models.schedule import LAST_PLACE, MOST_DAYS
from companies.reporting.files import KINDS
from core.forms import DayInput
from core.money import MOST_YUAN

NOTHING = 0  # months of a rule by which nothing is to be reported


def _months(value: Any) -> int | None:
    return int(value) or None


def _choices(known: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", _("any")), *known]


class RuleForm(forms.Form):
    """Whom a rule fits, what they report, and of which periods."""

    use_required_attribute = False

    place = forms.IntegerField(
        label=_("Place in the order"), min_value=1, max_value=LAST_PLACE, initial=10,
        help_text=_("The first rule that fits a company decides: put the special ones before the general."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(CompanyKind.choices), required=False)
    stage = forms.ChoiceField(
        label=_("Stage on the last day of the period"), choices=_choices(Stage.choices), required=False
    )
    months = forms.TypedChoiceField(
        label=_("Reports each"), coerce=_months, empty_value=None,
        choices=[*ReportMonths.choices, (NOTHING, _("no report at all"))],
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days until it is due"), min_value=1, max_value=MOST_DAYS, initial=30,
        help_text=_("After the last day of the period."),
    )  # fmt: skip
    first = forms.DateField(label=_("For periods that end from"), widget=DayInput)
    last = forms.DateField(
        label=_("up to"), widget=DayInput, required=False, help_text=_("Empty as long as nobody ends it.")
    )


class EndForm(forms.Form):
    """The last periods that a rule governs."""

    use_required_attribute = False

    last = forms.DateField(label=_("For periods that end up to"), widget=DayInput)


class ExcuseForm(forms.Form):
    """Why a company need not report."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class LimitsForm(forms.Form):
    """From where on a figure that differs from the last one asks for a reason."""

    use_required_attribute = False

    percent = forms.IntegerField(
        label=_("Differs by more than (percent)"), min_value=1, max_value=MOST_PERCENT,
        help_text=_("Of the figure in the report before, brought to the same length of the period."),
    )  # fmt: skip
    yuan = forms.DecimalField(
        label=_("and by more than (yuan)"), min_value=0, max_value=MOST_YUAN, max_digits=18, decimal_places=2,
        help_text=_("For amounts: smaller differences are never asked about."),
    )  # fmt: skip
    count = forms.IntegerField(
        label=_("and by more than (people or things)"), min_value=0, max_value=MOST_COUNT,
        help_text=_("For numbers: smaller differences are never asked about."),
    )  # fmt: skip


class WordingForm(forms.Form):
    """A question of the zone in three languages, and its place among the others."""

    use_required_attribute = False

    place = forms.IntegerField(
        label=_("Place in the order"), min_value=1, max_value=LAST_QUESTION, initial=100,
        help_text=_("Smaller numbers come first."),
    )  # fmt: skip
    text_en = forms.CharField(label=_("Question in English"), max_length=120)
    text_zh = forms.CharField(label=_("Question in Chinese"), max_length=120)
    text_de = forms.CharField(label=_("Question in German"), max_length=120)
    hint_en = forms.CharField(label=_("Hint in English"), max_length=300, required=False)
    hint_zh = forms.CharField(label=_("Hint in Chinese"), max_length=300, required=False)
    hint_de = forms.CharField(label=_("Hint in German"), max_length=300, required=False)

    def values(self) -> dict[str, Any]:
        """What the services take: the words apart from the rest."""
        texts = {name: value for name, value in self.cleaned_data.items() if name.startswith(("text_", "hint_"))}
        return {name: value for name, value in self.cleaned_data.items() if name not in texts} | {"texts": texts}


class QuestionForm(WordingForm):
    """A new question: what it asks for is said once."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Its name for programs, such as jobs_created. It stays.")
    )
    kind = forms.ChoiceField(label=_("What is answered"), choices=QuestionKind.choices)
    measure = forms.ChoiceField(
        label=_("A number is about what came together"), choices=Measure.choices,
        help_text=_("What there is on the last day is filled in from the report before."),
    )  # fmt: skip

    field_order = ("code", "kind", "measure", "place")


class EvidenceForm(forms.Form):
    """A file that proves what a report says."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("PDF, PNG, JPEG, XLSX or DOCX, of at most 10 MB."),
        widget=forms.FileInput({"accept": ",".join(kind.suffix for kind in KINDS)}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("A file has at most 10 MB, and is not empty."))
        return file


def fits(kind: str, stage: str) -> str:
    """Whom a rule fits, in words."""
    words = [capfirst(str(choice(value).label)) for choice, value in ((CompanyKind, kind), (Stage, stage)) if value]
    return " · ".join(words) or capfirst(str(_("all companies")))
