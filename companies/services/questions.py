"""Acts on the questionnaire: add a question, word it anew, move it, retire it, ask it again; and the limits of jumps.

Each is atomic and wants an officer (NotAllowed). Told in the outbox as `questionnaire.changed`.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies import permissions
from companies.choices import Measure
from companies.models import JumpLimits, Question, Wording
from companies.reporting.usual import USUAL
from core import outbox, records
from core.errors import Conflict, NotAllowed

TEXTS = ("text_en", "text_zh", "text_de", "hint_en", "hint_zh", "hint_de")
STEP = 10  # between the places of questions, so that one can be put between two others


@transaction.atomic
def add_question(
    *, code: str, kind: str, measure: str = Measure.PERIOD, place: int, texts: Mapping[str, str], by: User
) -> Question:
    """Ask one question more in the reports that are entered from now on. `texts` are TEXTS, hints may be left out."""
    _refuse_strangers(by)
    question = records.save(Question(code=code, kind=kind, measure=measure, place=place))
    _word(question, 1, texts, by)
    return _told(question)


@transaction.atomic
def change_question(*, question: Question, place: int, texts: Mapping[str, str], by: User) -> Question:
    """Move it, and word it anew where the words differ: answers from now on name the new wording. What it asks for
    stays; to ask for something else, retire it and add another."""
    _refuse_strangers(by)
    held = _held(question)
    held.place = place
    records.save(held)
    newest = held.wordings.all()[0]
    if any(getattr(newest, name) != texts.get(name, "") for name in TEXTS):
        _word(held, newest.number + 1, texts, by)
    return _told(held)


@transaction.atomic
def retire_question(*, question: Question, by: User) -> Question:
    """It is asked no more; what was answered stays readable."""
    _refuse_strangers(by)
    held = _held(question)
    if held.retired_at is not None:
        raise Conflict(_("“%(code)s” is retired already.") % {"code": held.code}, code="retired_already")
    held.retired_at = timezone.now()
    return _told(records.save(held))


@transaction.atomic
def ask_again(*, question: Question, by: User) -> Question:
    """A retired question is asked again, in its newest wording."""
    _refuse_strangers(by)
    held = _held(question)
    if held.retired_at is None:
        raise Conflict(_("“%(code)s” is asked already.") % {"code": held.code}, code="asked_already")
    held.retired_at = None
    return _told(records.save(held))


@transaction.atomic
def add_usual(*, by: User) -> int:
    """Add what zones usually ask for: jobs, products, works, patents, funding. Questions that are there already, by
    their code, stay as they are. Returns how many are new."""
    _refuse_strangers(by)
    known = set(Question.objects.values_list("code", flat=True))
    new = [usual for usual in USUAL if usual.code not in known]
    for usual in new:
        place = (USUAL.index(usual) + 1) * STEP
        add_question(code=usual.code, kind=usual.kind, measure=usual.measure, place=place, texts=usual.texts, by=by)
    return len(new)


@transaction.atomic
def set_limits(*, percent: int, yuan: Decimal, count: int, by: User) -> JumpLimits:
    """From now on a figure that differs by more than so many percent, and by more than so many yuan, people or things,
    wants a reason."""
    _refuse_strangers(by)
    limits = records.save(JumpLimits(percent=percent, yuan=yuan, count=count, by=by))
    outbox.record("questionnaire.changed", "limits", {})
    return limits


def _refuse_strangers(by: User) -> None:
    if not permissions.can_set_reporting(by):
        raise NotAllowed(_("Officers say what companies are asked."))


def _held(question: Question) -> Question:
    return Question.objects.select_for_update().get(pk=question.pk)


def _word(question: Question, number: int, texts: Mapping[str, str], by: User) -> None:
    words = {name: texts.get(name, "").strip() for name in TEXTS}
    records.save(Wording(question=question, number=number, **words, by=by))


def _told(question: Question) -> Question:
    outbox.record("questionnaire.changed", question.code, {})
    return question
