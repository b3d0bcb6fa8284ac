"""Find companies that stand in the register twice, keep what was found up to date, and tell two apart."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from companies.bulk import likeness as bulk
from companies.likeness import ENOUGH, score_of, signs_of
from companies.models import Company, Distinction, Likeness
from companies.permissions import can_keep_register, can_merge
from core import outbox, runs
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent, Run

SEARCH = "doubles"
SHARD = 500  # companies; where many names are alike, each takes the trigram index a twentieth of a second
TOPICS = frozenset({"company.changed", "company.admitted", "company.merged", "companies.imported"})


@transaction.atomic
def tell_apart(*, one: Company, other: Company, reason: str = "", by: User) -> Distinction:
    """A person looked at both and says that they are two companies: they are not proposed again. Conflict where
    somebody said so already."""
    if not (can_merge(by, one) and can_merge(by, other)):
        raise NotAllowed(_("Officers say which companies are the same, and nobody of his own."))
    first, second = sorted((one, other), key=lambda company: company.pk)
    if first.pk == second.pk:
        raise Conflict(_("This is one company, not two."), code="same_company")
    try:
        with transaction.atomic():
            made = Distinction.objects.create(one=first, other=second, reason=reason.strip(), by=by)
    except IntegrityError as error:
        raise Conflict(_("Somebody said already that these are two companies."), code="told_apart") from error
    outbox.record("company.told_apart", first.code, {"company": first.code, "other": second.code})
    return made


@transaction.atomic
def take_back(*, distinction: Distinction, by: User) -> None:
    """They may be the same after all, and are proposed again; the audit trail keeps who said what."""
    if not (can_merge(by, distinction.one) and can_merge(by, distinction.other)):
        raise NotAllowed(_("Officers say which companies are the same, and nobody of his own."))
    first, second = distinction.one, distinction.other
    distinction.delete()
    outbox.record("company.told_apart", first.code, {"company": first.code, "other": second.code, "taken_back": True})


@transaction.atomic
def refresh_companies(ids: Sequence[int]) -> int:
    """What a few companies are like, found anew; returns how many pairs."""
    listed = sorted(set(ids))
    found = _likely(bulk.candidates(ids=listed))
    bulk.record(found, ids=listed)
    return len(found)


@transaction.atomic
def request_search(*, by: User | None = None) -> Run:
    """Have the whole register searched."""
    if by is not None and not can_keep_register(by):
        raise NotAllowed(_("The officers keep the register."))
    return runs.request(SEARCH, arguments={}, dedupe_key=SEARCH, fresh=by is None, by=by)


def react(events: Sequence[OutboxEvent]) -> None:
    """Follow the register: companies that changed are compared anew; after a large file all of them."""
    imported = [event for event in events if event.topic == "companies.imported"]
    if any("companies" not in event.payload for event in imported):
        request_search()
        return
    codes = {event.payload.get("company") or event.key for event in events if event.topic != "companies.imported"}
    codes |= {event.payload["other"] for event in events if "other" in event.payload}
    ids = set(Company.objects.filter(code__in=codes).values_list("pk", flat=True))
    ids |= {pk for event in imported for pk in event.payload["companies"]}
    if len(ids) > outbox.AT_ONCE:
        request_search()
    elif ids:
        refresh_companies(sorted(ids))


def plan(_run: Run) -> list[tuple[int, int]]:
    """Shards over all companies there are."""
    newest = Company.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return list(pairwise([*range(0, newest + 1, SHARD), newest + 1]))


def work(_run: Run, first: int, until: int) -> Mapping[str, int]:
    """The pairs whose first company is in one shard."""
    found = _likely(bulk.candidates(first=first, until=until))
    bulk.record(found, first=first, until=until)
    return {"pairs": len(found)}


def _likely(pairs: Sequence[Any]) -> list[Likeness]:
    told = ((pair, signs_of(pair)) for pair in pairs)
    rows = (
        Likeness(one_id=pair.one, other_id=pair.other, score=score_of(signs), signs=dict(signs)) for pair, signs in told
    )
    return [row for row in rows if row.score >= ENOUGH]


KIND = runs.RunKind(SEARCH, plan, work)
