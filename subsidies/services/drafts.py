"""Drafts of the policy: copied from a version, changed one part at a time, confirmed, discarded.

Every act is a policy editor's (NotAllowed for others) and holds the version's row, so that two of them, or one and an
approval, come one after the other. Who changes a part says with `revision` how often it had been changed when he read
it; where somebody was faster he is told who (Conflict). A change takes the draft back to `draft` and voids approvals:
they were given for another content. What changes nothing voids nothing.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, Incomplete, NotAllowed, incomplete_from
from core.locks import lock_for_transaction
from subsidies import permissions, policy
from subsidies.choices import PolicyState, Provenance
from subsidies.models import PolicyAuthor, PolicyEdit, PolicyParameter, PolicyVersion
from subsidies.refusals import words_of
from subsidies.rules import catalogue
from subsidies.rules.catalogue import PARAMETERS, POINT_CODES, STAGE_CODES
from subsidies.rules.errors import BadParameter
from subsidies.rules.pack import LANGUAGES
from subsidies.rules.parameters import Parameter
from subsidies.rules.parameters import Provenance as RuleProvenance

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
FIRST_DAY = "effective_from"


@transaction.atomic
def draft_version(*, base: PolicyVersion, name: str, effective_from: dt.date, by: User) -> PolicyVersion:
    """A new draft that says what `base` says, under a new name and from another day on; confirmations are kept.

    Incomplete for a name that no version can have or a day that is no later than the newest version's; Conflict for a
    name that is taken.
    """
    _refuse_others(by)
    lock_for_transaction("policy")
    _refuse_bad_name(name)
    now = timezone.now()
    draft = PolicyVersion(
        policy=base.policy,
        version=name,
        effective_from=effective_from,
        texts=base.texts,
        copied_from=base,
        created_by=by,
        edited_by=by,
        edited_at=now,
    )
    _refuse_early_day(draft)
    try:
        draft.full_clean(exclude=["texts"])
    except ValidationError as error:
        raise incomplete_from(error) from error
    draft.save()
    PolicyParameter.objects.bulk_create(_copy(row, draft) for row in base.parameters.order_by("pk"))
    _inherit_authors(base, draft)
    policy.add_author(draft, by)
    draft.content_hash = policy.hash_of(draft)
    draft.save(update_fields=["content_hash"])
    outbox.record("policy.drafted", draft.version, {"copied_from": base.version})
    return draft


def _inherit_authors(base: PolicyVersion, draft: PolicyVersion) -> None:
    """What others wrote into a draft stays theirs in its copy; what is published was approved already."""
    if base.state != PolicyState.PUBLISHED:
        PolicyAuthor.objects.bulk_create(PolicyAuthor(version=draft, author=one.author) for one in base.authors.all())


def _copy(row: PolicyParameter, draft: PolicyVersion) -> PolicyParameter:
    row.pk, row.version = None, draft
    row._state.adding = True
    return row


def _refuse_bad_name(name: str) -> None:
    if not NAME.fullmatch(name):
        message = _("A version is called by 1 to 40 letters, digits, dots, dashes and underscores, as in 2026.1.")
        raise Incomplete(message, code="bad_name", fields={"name": [message]})
    if PolicyVersion.objects.filter(version=name).exists():
        message = _("The portal has a version %(version)s already: choose another name.") % {"version": name}
        raise Conflict(message, code="version_taken", fields={"name": [message]})


def _refuse_early_day(draft: PolicyVersion) -> None:
    newest = PolicyVersion.objects.published().order_by("-effective_from").first()
    if newest is not None and draft.effective_from <= newest.effective_from:
        message = _("It must begin after %(day)s, the first day of version %(newest)s.") % {
            "day": newest.effective_from, "newest": newest.version,
        }  # fmt: skip
        raise Incomplete(message, code="not_after", fields={FIRST_DAY: [message]})


@transaction.atomic
def change_day(*, version: PolicyVersion, effective_from: dt.date, revision: int, by: User) -> PolicyVersion:
    """Let a draft begin on another day."""
    draft = _open(version, FIRST_DAY, revision, by)
    if draft.effective_from != effective_from:
        draft.effective_from = effective_from
        _refuse_early_day(draft)
        _reopen(draft)
        draft.save(update_fields=[FIRST_DAY])
        _changed(draft, [FIRST_DAY], by)
    return draft


@transaction.atomic
def change_text(
    *, version: PolicyVersion, code: str, name: Mapping[str, str], clause: Mapping[str, str], revision: int, by: User
) -> PolicyVersion:
    """Change what a point or stage is called and says; `name` and `clause` by language, all of `rules.pack.LANGUAGES`.
    Incomplete names each language that lacks its words, as `name_de` or `clause_en`."""
    draft = _open(version, code, revision, by)
    kind = _kind_of(code)
    given = {"name": name, "clause": clause}
    words = {part: {one: by_one.get(one, "").strip() for one in LANGUAGES} for part, by_one in given.items()}
    empty = {f"{part}_{one}": [_("Write it.")] for part in words for one in LANGUAGES if not words[part][one]}
    if empty:
        raise Incomplete(_("A name or a clause is missing in a language."), fields=empty)
    if draft.texts[kind].get(code) != words:
        draft.texts = {**draft.texts, kind: {**draft.texts[kind], code: words}}
        _reopen(draft)
        draft.save(update_fields=["texts"])
        _changed(draft, [code], by)
    return draft


def _kind_of(code: str) -> str:
    if code in POINT_CODES:
        return "points"
    if code in STAGE_CODES:
        return "stages"
    raise Incomplete(_("There is no point or stage %(code)s.") % {"code": code}, code="not_known")


@transaction.atomic
def change_parameter(
    *, version: PolicyVersion, name: str, value: Any, provenance: str, source: str, revision: int, by: User
) -> PolicyVersion:
    """Give a parameter another value (a Decimal in its unit, or a tuple of `Since`), provenance or source.

    Incomplete, by field, for a value that the catalogue refuses or that contradicts another one. Another value or
    provenance takes away its confirmation; a source that is put in better words does not.
    """
    draft = _open(version, name, revision, by)
    parameter = _possible(draft, name, value, provenance, source)
    row = draft.parameters.filter(name=name).first()
    if row is not None and policy.parameter_of(row) == parameter:
        return draft
    _reopen(draft)
    new = policy.row_of(draft, parameter)
    if row is not None:
        new.pk, new._state.adding = row.pk, False
        if policy.says_the_same(policy.parameter_of(row), parameter):
            new.value, new.confirmed_by, new.confirmed_at = row.value, row.confirmed_by, row.confirmed_at
    new.save()
    _changed(draft, [name], by)
    return draft


def _possible(draft: PolicyVersion, name: str, value: Any, provenance: str, source: str) -> Parameter:
    """The parameter, once nothing speaks against it."""
    if not source.strip():
        raise Incomplete(_("Say where the value is from."), fields={"source": [_("Say where the value is from.")]})
    if provenance not in Provenance.values:
        message = _("There is no provenance %(provenance)s.") % {"provenance": provenance}
        raise Incomplete(message, fields={"provenance": [message]})
    unit = PARAMETERS[name].unit if name in PARAMETERS else ""
    parameter = Parameter(name, value, unit, RuleProvenance(provenance), source.strip())
    try:
        catalogue.refuse_impossible(parameter)
        _refuse_contradiction(draft, parameter)
    except BadParameter as refusal:
        message = words_of(refusal)
        raise Incomplete(message, code=refusal.code or None, fields={"value": [message]}) from refusal
    return parameter


def _refuse_contradiction(draft: PolicyVersion, parameter: Parameter) -> None:
    """Only where the parameter itself is one of the two: others are told at the gate."""
    found = policy.parameter_set(draft).parameters
    numbers = {name: one.value for name, one in {**found, parameter.name: parameter}.items()}
    whole = {name: value for name, value in numbers.items() if not isinstance(value, tuple)}
    for refusal in catalogue.contradictions(whole):
        if parameter.name in {refusal.name, refusal.values["other"]}:
            raise refusal


@transaction.atomic
def confirm_parameters(*, version: PolicyVersion, revisions: Mapping[str, int], by: User) -> PolicyVersion:
    """Confirm assumed values in the zone's name: those of `revisions`, each as often changed as when it was read.

    They stay assumed, with who confirmed them and when. Conflict where one was changed meanwhile; Incomplete for a
    name that has no assumed value. What is confirmed stays confirmed as it was.
    """
    draft = hold(version)
    _refuse_others(by)
    for name, revision in revisions.items():
        _refuse_overtaken(draft, name, revision)
    rows = list(draft.parameters.filter(name__in=revisions, provenance=Provenance.ASSUMED))
    unknown = sorted(set(revisions) - {row.name for row in rows})
    if unknown:
        raise Incomplete(_("%(name)s has no assumed value to confirm.") % {"name": unknown[0]}, code="not_assumed")
    names = [row.name for row in rows if row.confirmed_at is None]
    if names:
        _reopen(draft)
        draft.parameters.filter(name__in=names).update(confirmed_by=by, confirmed_at=timezone.now())
        _changed(draft, names, by)
    return draft


@transaction.atomic
def discard_draft(*, version: PolicyVersion, by: User) -> None:
    """Delete a draft that nobody approved, with its simulations. The audit trail keeps that it was there."""
    _refuse_others(by)
    draft = hold(version)
    if draft.state == PolicyState.APPROVED:
        raise Conflict(
            _("Version %(version)s is approved: an approver withdraws that first.") % {"version": draft.version},
            code="approved",
        )
    _reopen(draft)
    draft.delete()
    outbox.record("policy.discarded", version.version)


def hold(version: PolicyVersion) -> PolicyVersion:
    """The version as it is now, its row locked until the transaction ends. Conflict where it is published or gone."""
    draft = PolicyVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk).first()
    if draft is None:
        raise Conflict(_("Version %(version)s was discarded.") % {"version": version.version}, code="discarded")
    if draft.state == PolicyState.PUBLISHED:
        raise Conflict(
            _("Version %(version)s is published: it never changes. Make a new draft of it.")
            % {"version": draft.version},
            code="published",
        )
    return draft


def _refuse_others(by: User) -> None:
    if not permissions.can_edit_policy(by):
        raise NotAllowed(_("Policy editors change a draft of the policy."))


def _open(version: PolicyVersion, part: str, revision: int, by: User) -> PolicyVersion:
    """The draft to change, held; refused for others, and where the part was changed since it was read."""
    _refuse_others(by)
    draft = hold(version)
    _refuse_overtaken(draft, part, revision)
    return draft


def _refuse_overtaken(draft: PolicyVersion, part: str, revision: int) -> None:
    last = draft.edits.filter(part=part).select_related("by").first()
    if last is not None and last.revision != revision:
        raise Conflict(
            _("%(who)s changed %(part)s at %(at)s while you had it open: look at it again before you change it.")
            % {"who": last.by.display_name, "part": part, "at": f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}"},
            code="changed_meanwhile",
        )


def _reopen(draft: PolicyVersion) -> None:
    """A draft again, approved by nobody: its parameters can be written from here on."""
    draft.state = PolicyState.DRAFT
    draft.approved_by, draft.approved_at, draft.approved_hash = None, None, ""
    draft.save(update_fields=["state", "approved_by", "approved_at", "approved_hash"])


def _changed(draft: PolicyVersion, parts: list[str], by: User) -> None:
    """Keep who changed what, and the new content's hash."""
    now = timezone.now()
    for part in parts:
        edit = draft.edits.filter(part=part).first() or PolicyEdit(version=draft, part=part, revision=0)
        edit.revision, edit.by, edit.at = edit.revision + 1, by, now
        edit.save()
    policy.add_author(draft, by)
    draft.content_hash = policy.hash_of(draft)
    draft.edited_by, draft.edited_at = by, now
    draft.save(update_fields=["content_hash", "edited_by", "edited_at"])
    outbox.record("policy.changed", draft.version, {"parts": parts})
