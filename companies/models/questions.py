"""What the zone asks beyond the fixed figures of a report, and what companies answered."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from companies.choices import Measure, QuestionKind
from companies.models.register import append_only
from companies.models.reports import Report
from companies.querysets import AnswerQuerySet, QuestionQuerySet
from core.audit import audited
from core.constraints import never_deleted, one_of, within
from core.money import MOST_YEARLY_YUAN

CODE = r"^[a-z][a-z0-9_]{0,39}$"
LAST_PLACE = 999
LONGEST_ANSWER = 2_000


@audited()
class Question(models.Model):
    """A question of the zone's own. What it asks for stays as long as it lives; how it is worded may change."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(CODE, _("Use small letters, digits and _, a letter first; up to 40 characters."))],
        error_messages={"unique": _("Another question has this code.")},
    )
    kind = models.CharField(_("what is answered"), max_length=6, choices=QuestionKind)
    measure = models.CharField(_("what a number is about"), max_length=8, choices=Measure, default=Measure.PERIOD)
    place = models.PositiveSmallIntegerField(_("place in the order"))
    retired_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="%(app_label)s_%(class)s_code_form"),
            one_of("kind", QuestionKind.values),
            one_of("measure", Measure.values),
            within("place", 1, LAST_PLACE, _("The place in the order lies between 1 and 999.")),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return self.code


class Wording(models.Model):
    """How a question is worded, in the portal's languages, until it is worded anew. Only ever added to, so that each
    answer says what was asked."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text_en = models.CharField(_("question in English"), max_length=120)
    text_zh = models.CharField(_("question in Chinese"), max_length=120)
    text_de = models.CharField(_("question in German"), max_length=120)
    hint_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    hint_zh = models.CharField(_("hint in Chinese"), max_length=300, blank=True)
    hint_de = models.CharField(_("hint in German"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="%(app_label)s_%(class)s_once"),
            *(
                models.CheckConstraint(condition=~Q(**{name: ""}), name=f"%(app_label)s_%(class)s_{name}_told")
                for name in ("text_en", "text_zh", "text_de")
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return str(getattr(self, f"text_{_suffix()}"))

    @property
    def hint(self) -> str:
        """What is told below it, "" for nothing."""
        return str(getattr(self, f"hint_{_suffix()}"))


def _suffix() -> str:
    language = (get_language() or "en").partition("-")[0]
    return language if language in ("zh", "de") else "en"


@audited()
class Answer(models.Model):
    """A company's answer in one report, and the wording that it answered. Without any value it is not known."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="+", verbose_name=_("wording"))
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=2, null=True, blank=True)
    yes = models.BooleanField(_("yes or no"), null=True, blank=True)
    text = models.TextField(
        _("text"), max_length=LONGEST_ANSWER, blank=True, validators=[MaxLengthValidator(LONGEST_ANSWER)]
    )

    objects = AnswerQuerySet.as_manager()

    # In the history of a report each stands from its first hour on; only what changes is told.
    is_told_when_entered = False
    named_by = "wording"

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__place", "question"]
        constraints = [
            models.UniqueConstraint(fields=["report", "question"], name="%(app_label)s_%(class)s_once"),
            within("number", 0, MOST_YEARLY_YUAN, _("The number is out of all proportion.")),
            models.CheckConstraint(
                condition=Q(number=None, yes=None) | Q(number=None, text="") | Q(yes=None, text=""),
                name="%(app_label)s_%(class)s_one_value",
            ),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.report} {self.question}"

    @property
    def value(self) -> Decimal | int | bool | str | None:
        """As its question's kind has it; None where it is not known."""
        if self.question.kind == QuestionKind.TEXT:
            return self.text or None
        if self.question.kind == QuestionKind.YES_NO:
            return self.yes
        if self.question.kind == QuestionKind.COUNT and self.number is not None:
            return int(self.number)
        return self.number
