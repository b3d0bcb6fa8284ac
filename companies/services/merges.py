"""Merge a company that stands in the register twice: look at it before, propose it, carry it out, refuse, withdraw.

What becomes of each relation is said by the rules of `companies.merging`. Nothing of what was billed, granted or paid
is written anew: it stays with the merged company, which leads to the surviving one for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.choices import MergeState
from companies.history import Change, shown
from companies.merging import rules
from companies.merging.rules import Rule
from companies.models import Company, Distinction, Merge
from companies.permissions import can_decide_merge, can_merge
from companies.services.register import derive
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed

# What the surviving company takes over where it does not have it.
FILLED = (
    "name_zh", "uscc", "industry", "founded_on", "registration", "operation", "listed", "bad_credit", "country",
    "website",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One relation: how many rows the merge moves, how many stay, how many the surviving company has, and whether there
    is money among them."""

    rule: Rule
    moving: int
    staying: int
    survivor: int
    is_money: bool


@dataclass(frozen=True)
class Preview:
    """What a merge would do: each relation that has rows, what the surviving company takes over, and what is in the
    way, in sentences."""

    merged: Company
    survivor: Company
    lines: tuple[Line, ...]
    filled: tuple[Change, ...]
    conflicts: tuple[str, ...]

    @property
    def touches_money(self) -> bool:
        return any(line.is_money for line in self.lines)


def preview(merged: Company, survivor: Company) -> Preview:
    """What merging would do now. Reads alone."""
    lines = (_line(rule, merged, survivor) for rule in rules.RULES.values())
    return Preview(
        merged=merged,
        survivor=survivor,
        lines=tuple(line for line in lines if line.moving or line.staying),
        filled=tuple(_change(name, value) for name, value in _taken(merged, survivor)),
        conflicts=(*_of_the_two(merged, survivor), *rules.conflicts(merged, survivor)),
    )


@transaction.atomic
def merge_companies(*, merged: Company, survivor: Company, reason: str, by: User) -> Merge:
    """Merge at once, or propose it to a second person where money is touched. Incomplete without a reason; Conflict,
    naming everything that is in the way and the way out, where the two contradict each other."""
    if not (can_merge(by, merged) and can_merge(by, survivor)):
        raise NotAllowed(_("Officers merge companies, and nobody his own."))
    if not reason.strip():
        message = _("Say how you know that the two are the same company.")
        raise Incomplete(message, fields={"reason": [message]})
    merged, survivor = _held(merged, survivor)
    seen = _refused_none(preview(merged, survivor))
    merge = Merge(
        merged=merged, survivor=survivor, reason=reason.strip(), touches_money=seen.touches_money, proposed_by=by
    )
    records.save(merge)
    if merge.touches_money:
        outbox.record("company.merge_proposed", merged.code, {"company": merged.code, "into": survivor.code})
        return merge
    return _carried_out(merge, seen, by)


@transaction.atomic
def approve_merge(*, merge: Merge, by: User) -> Merge:
    """The second person has looked at it: carry it out, as the books are now."""
    held = _waiting(merge)
    if not can_decide_merge(by, held):
        raise NotAllowed(
            _("Another approver than who proposed the merge decides on it, and nobody on that of his own company.")
        )
    held.merged, held.survivor = _held(held.merged, held.survivor)
    return _carried_out(held, _refused_none(preview(held.merged, held.survivor)), by)


@transaction.atomic
def refuse_merge(*, merge: Merge, answer: str, by: User) -> Merge:
    """The second person does not agree; Incomplete without a reason."""
    held = _waiting(merge)
    if not can_decide_merge(by, held):
        raise NotAllowed(
            _("Another approver than who proposed the merge decides on it, and nobody on that of his own company.")
        )
    if not answer.strip():
        message = _("Say why.")
        raise Incomplete(message, fields={"answer": [message]})
    return _ended(held, MergeState.REFUSED, by, answer.strip())


@transaction.atomic
def withdraw_merge(*, merge: Merge, by: User) -> Merge:
    """Take a proposal back: an officer does."""
    held = _waiting(merge)
    if not can_merge(by, held.merged):
        raise NotAllowed(_("Officers merge companies, and nobody his own."))
    return _ended(held, MergeState.WITHDRAWN, by)


def _line(rule: Rule, merged: Company, survivor: Company) -> Line:
    moving, all_rows = rule.moving(merged).count(), rule.rows(merged).count()
    return Line(rule, moving, all_rows - moving, rule.rows(survivor).count(), rule.touches_money(merged))


def _change(name: str, value: Any) -> Change:
    field: Any = Company._meta.get_field(name)
    is_period = field.get_internal_type() == "DateRangeField"
    return Change(str(field.verbose_name), None, shown(field, value), is_period=is_period)


def _of_the_two(merged: Company, survivor: Company) -> Iterator[str]:
    if merged.pk == survivor.pk:
        yield _("A company cannot be merged into itself.")
    for company in (merged, survivor):
        if company.merged_into is not None:
            words = {"company": company.code, "other": company.merged_into.code}
            yield _("%(company)s was merged into %(other)s already: take that one.") % words
    told = Distinction.objects.filter(one_id=min(merged.pk, survivor.pk), other_id=max(merged.pk, survivor.pk))
    said = told.select_related("by").first()
    if said is not None:
        yield _(
            "%(person)s said on %(day)s that these are two companies: take that back first, on the page of possible"
            " doubles."
        ) % {"person": said.by.display_name, "day": f"{timezone.localtime(said.at):%Y-%m-%d}"}


def _taken(merged: Company, survivor: Company) -> list[tuple[str, Any]]:
    """The fields that the surviving company does not know, and the merged one does."""
    pairs = ((name, getattr(merged, name), getattr(survivor, name)) for name in FILLED)
    return [(name, known) for name, known, own in pairs if own in (None, "") and known not in (None, "")]


def _held(merged: Company, survivor: Company) -> tuple[Company, Company]:
    """Both as they are now. Until the transaction ends nobody decides, bills or issues anything of theirs, and whoever
    enters something for one of them waits."""
    pks = sorted({merged.pk, survivor.pk})
    for lock in rules.LOCKS:
        lock(pks)
    rows = Company.objects.select_for_update(of=("self",)).select_related("merged_into").filter(pk__in=pks)
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[merged.pk], found[survivor.pk]


def _refused_none(seen: Preview) -> Preview:
    if seen.conflicts:
        raise Conflict(" ".join(seen.conflicts), code="merge_contradicts")
    return seen


def _waiting(merge: Merge) -> Merge:
    held = (
        Merge.objects.select_for_update(of=("self",))
        .select_related("merged", "survivor", "proposed_by", "decided_by")
        .get(pk=merge.pk)
    )
    if held.state != MergeState.PROPOSED:
        words = {"person": held.decided_by.display_name if held.decided_by else "", "state": held.get_state_display()}
        raise Conflict(_("This merge is decided already: %(state)s, by %(person)s.") % words, code="state")
    return held


def _ended(merge: Merge, state: MergeState, by: User, answer: str = "") -> Merge:
    merge.state, merge.decided_by, merge.decided_at, merge.answer = state, by, timezone.now(), answer
    return records.save(merge)


def _carried_out(merge: Merge, seen: Preview, by: User) -> Merge:
    merged, survivor = merge.merged, merge.survivor
    before = {line.rule.name: line for line in seen.lines}
    moved = {rule.name: rule.move(merged, survivor) for rule in rules.RULES.values()}
    merge.filled = [name for name, _value in _taken(merged, survivor)]
    _fill(merged, survivor)
    merged.merged_into = survivor
    merged.save(update_fields=["merged_into", "updated_at"])
    merge.counts = [
        {"relation": name, "moved": moved[name], "stayed": line.rule.rows(merged).count()}
        for name, line in before.items()
    ]
    _ended(merge, MergeState.DONE, by)
    told = {"company": survivor.code, "other": merged.code, "merge": str(merge.public_id)}
    outbox.record("company.merged", survivor.code, told)
    return merge


def _fill(merged: Company, survivor: Company) -> None:
    """What the surviving company does not know it takes over; a credit code is given up by the other first."""
    taken = dict(_taken(merged, survivor))
    if "uscc" in taken:
        merged.uscc = None
        merged.save(update_fields=["uscc", *derive(merged), "updated_at"])
    for name, value in taken.items():
        setattr(survivor, name, value)
    if taken:
        records.save(survivor, fields=[*taken, *derive(survivor), "updated_at"])
