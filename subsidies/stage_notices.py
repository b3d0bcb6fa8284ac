"""What a company's people are told of its stage: that a move is proposed, what an officer made of it, and what became
of an appeal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import notices
from accounts.notices import Message, News
from companies.choices import Stage
from companies.models import Company, Membership
from core import outbox
from core.markup import plain_name
from core.models import OutboxEvent
from subsidies.models import StageProposal
from subsidies.notices import members_of

PROPOSED, DECIDED = "stage.proposed", "stage.decided"
TOPICS = frozenset({PROPOSED, DECIDED})
MOST_PROPOSALS = 1000  # told by a delivery, for a worker's time is limited
TOLD = frozenset({"confirmed", "refused", "answered"})  # an appeal is the company's own act


def tell_of_stages(events: Sequence[OutboxEvent]) -> None:
    """The consumer of the outbox. A proposal is told once in each state, however often and by whichever event."""
    proposed = [event for event in events if event.topic == PROPOSED]
    codes = {event.key for event in proposed if event.key}
    _tell((one, "proposed") for one in _told_to_somebody().open().filter(company__code__in=codes))
    for event in proposed:
        if not event.key:
            _tell_of_range(event.payload)
    decided = [(event.key, event.payload["what"]) for event in events if event.topic == DECIDED]
    rows = StageProposal.objects.filter(public_id__in={key for key, _what in decided})
    found = {str(one.public_id): one for one in rows.select_related("company", "appeal")}
    _tell((found[key], what) for key, what in decided if key in found)


def _tell_of_range(named: Mapping[str, int]) -> None:
    """Of what a run proposed to companies with an id in [first, until); of what is more than a delivery tells, an
    event."""
    within = {"company__gte": named["first"], "company__lt": named["until"]}
    some = list(_told_to_somebody().open().filter(**within).order_by("company")[:MOST_PROPOSALS])
    _tell((one, "proposed") for one in some)
    if len(some) == MOST_PROPOSALS:
        outbox.record(PROPOSED, "", {**named, "first": some[-1].company_id + 1})


def _told_to_somebody() -> Any:
    members = Membership.objects.filter(company=OuterRef("company"), user__is_active=True)
    return StageProposal.objects.filter(Exists(members)).select_related("company")


def _tell(found: Iterable[tuple[StageProposal, str]]) -> None:
    told = [(one, what) for one, what in found if what == "proposed" or what in TOLD]
    people = members_of(one.company for one, _what in told)
    notices.tell_all([_news(one, what, people[one.company_id]) for one, what in told])


def _news(proposal: StageProposal, what: str, people: list[Any]) -> News:
    name, reason = what, proposal.reason
    if what == "proposed":
        name = "proposed_up" if proposal.is_up else "proposed_down"
    elif what == "answered":
        name, reason = ("upheld" if proposal.appeal.upheld else "not_upheld"), proposal.appeal.answer
    context = {
        "name": proposal.company.name, "name_zh": proposal.company.name_zh, "stage": proposal.stage,
        "proposed": proposal.proposed, "reason": reason,
    }  # fmt: skip
    url = reverse("subsidies:stage_proposal", args=[proposal.public_id])
    return News(people, f"stage_{name}", context, url, dedupe_key=f"stage:{proposal.pk}:{what}")


def _words(context: Mapping[str, Any]) -> dict[str, str]:
    return {
        "company": plain_name(Company(name=context["name"], name_zh=context["name_zh"])),
        "stage": str(Stage(context["stage"]).label) if context["stage"] else _("no stage yet"),
        "proposed": str(Stage(context["proposed"]).label),
        "reason": context["reason"],
    }


def _message(name: str, title: Any, text: Any) -> Message:
    return Message(name, title, text, icon="trending-up", words=_words)


MESSAGES = (
    _message(
        "stage_proposed_up",
        gettext_lazy("%(company)s: the stage “%(proposed)s” is proposed"),
        gettext_lazy(
            "By the evidence on record the company moves from “%(stage)s” to “%(proposed)s”. An officer decides."
        ),
    ),
    _message(
        "stage_proposed_down",
        gettext_lazy("%(company)s: a move down to “%(proposed)s” is proposed"),
        gettext_lazy(
            "By the last reports the company falls short of “%(stage)s”. An officer decides: what is missing or wrong"
            " can still be reported."
        ),
    ),
    _message(
        "stage_confirmed",
        gettext_lazy("%(company)s is in the stage “%(proposed)s”"),
        gettext_lazy("The move from “%(stage)s” was confirmed: %(reason)s"),
    ),
    _message(
        "stage_refused",
        gettext_lazy("%(company)s stays in the stage “%(stage)s”"),
        gettext_lazy("The move to “%(proposed)s” was refused: %(reason)s"),
    ),
    _message(
        "stage_upheld",
        gettext_lazy("%(company)s: the appeal is upheld"),
        gettext_lazy("The decision on the move from “%(stage)s” to “%(proposed)s” is turned around: %(reason)s"),
    ),
    _message(
        "stage_not_upheld",
        gettext_lazy("%(company)s: the appeal is not upheld"),
        gettext_lazy("The decision on the move from “%(stage)s” to “%(proposed)s” stands: %(reason)s"),
    ),
)
