"""Drafts of the policy: copied, changed, confirmed, discarded, by one editor or by two at once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.models import User
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from subsidies import policy as versions
from subsidies.choices import PolicyState
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.parameters import Since
from subsidies.services import approvals, drafts
from tests.conftest import staff_member
from tests.factories import UserFactory
from tests.subsidies.conftest import approved, confirmed, simulated

JULY_1 = dt.date(2026, 7, 1)
AREA = "rent_waiver.area_m2"


@pytest.fixture
def draft(policy: PolicyVersion, policy_editor: User) -> PolicyVersion:
    """A copy of the version in force."""
    return drafts.draft_version(base=policy, name="2026.1", effective_from=JULY_1, by=policy_editor)


def change(draft: PolicyVersion, by: User, name: str = AREA, value: Any = Decimal(200), **more: Any) -> PolicyVersion:
    row = PolicyParameter.objects.get(version=draft, name=name)
    given = {"provenance": row.provenance, "source": row.source, "revision": 0} | more
    drafts.change_parameter(version=draft, name=name, value=value, by=by, **given)
    draft.refresh_from_db()
    return draft


def parameter(draft: PolicyVersion, name: str = AREA) -> PolicyParameter:
    return PolicyParameter.objects.get(version=draft, name=name)


# --- Copying -----------------------------------------------------------------------------------------------------


def test_a_draft_says_what_the_version_says_that_it_was_copied_from(draft, policy, policy_editor):
    pack = versions.pack_of(draft)
    assert (pack.points, pack.stages, pack.parameters) == (
        (source := versions.pack_of(policy)).points,
        source.stages,
        source.parameters,
    )
    assert (draft.state, draft.copied_from, draft.created_by) == (PolicyState.DRAFT, policy, policy_editor)
    assert draft.content_hash == versions.hash_of(draft) != policy.content_hash


@pytest.mark.parametrize("name", ["", "2026 1", "../2026", "2026/1", "-1", "x" * 41])
def test_a_draft_has_a_name_that_fits_into_an_address(policy, policy_editor, name):
    with pytest.raises(Incomplete) as refused:
        drafts.draft_version(base=policy, name=name, effective_from=JULY_1, by=policy_editor)
    assert "name" in refused.value.fields


def test_a_name_that_is_taken_and_a_day_that_is_over_are_refused_by_field(policy, policy_editor):
    with pytest.raises(Conflict, match=r"has a version 2025\.1 already"):
        drafts.draft_version(base=policy, name="2025.1", effective_from=JULY_1, by=policy_editor)
    with pytest.raises(Incomplete, match=r"after 2025-09-25, the first day of version 2025\.1") as refused:
        drafts.draft_version(base=policy, name="2026.1", effective_from=dt.date(2025, 9, 25), by=policy_editor)
    assert "effective_from" in refused.value.fields


def test_a_copy_keeps_the_confirmations_of_what_it_takes_over(draft, policy_editor):
    confirmed(draft, policy_editor)
    copy = drafts.draft_version(base=draft, name="2026.2", effective_from=JULY_1, by=policy_editor)
    assert copy.parameters.exclude(confirmed_at=None).count() == 34
    change(copy, policy_editor, "settlement.cap", Decimal(90_000))
    assert copy.parameters.exclude(confirmed_at=None).count() == 33


# --- Changing ----------------------------------------------------------------------------------------------------


def test_a_changed_value_changes_the_hash_and_is_written_in_the_outbox(draft, policy_editor):
    before = draft.content_hash
    change(draft, policy_editor)
    assert versions.pack_of(draft).parameters[AREA].value == Decimal(200)
    assert draft.content_hash == versions.hash_of(draft) != before
    assert OutboxEvent.objects.filter(topic="policy.changed", key="2026.1").get().payload == {"parts": [AREA]}


def test_what_changes_nothing_voids_nothing(draft, policy_editor, approver):
    approved(draft, editor=policy_editor, approver=approver)
    change(draft, policy_editor, value=Decimal("300.00"))
    assert (draft.state, draft.approved_by) == (PolicyState.APPROVED, approver)


def test_an_edit_takes_an_approved_draft_back_and_voids_the_approval(draft, policy_editor, approver):
    approved(draft, editor=policy_editor, approver=approver)
    change(draft, policy_editor)
    assert (draft.state, draft.approved_by, draft.approved_at, draft.approved_hash) == ("draft", None, None, "")


def test_an_edit_takes_a_simulated_draft_back(draft, policy_editor):
    simulated(draft, policy_editor)
    assert draft.state == PolicyState.SIMULATED
    drafts.change_day(version=draft, effective_from=dt.date(2026, 8, 1), revision=0, by=policy_editor)
    draft.refresh_from_db()
    assert (draft.state, draft.effective_from) == (PolicyState.DRAFT, dt.date(2026, 8, 1))


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        (AREA, Decimal("-0.01"), "not between 0 and 1,000,000"),
        (AREA, Decimal("300.001"), "at most two decimals"),
        ("rent_waiver.months", Decimal("35.5"), "whole number"),
        ("rent_waiver.share", Decimal("100.01"), "not between 0 and 100"),
        ("leading_project.award", Decimal(3_000_001), "above 3,000,000, the value of leading_project.top_award"),
        ("leading_project.top_award", Decimal(999_999), "above 999,999"),
        (AREA, (), "one value, not a series"),
        ("lpr_1y", (), "needs a value"),
        ("lpr_1y", (Since(JULY_1, Decimal(3)), Since(JULY_1, Decimal(2))), "2026-07-01 does not"),
    ],
)
def test_an_impossible_value_is_refused_beside_its_field(draft, policy_editor, name, value, refusal):
    before = draft.content_hash
    with pytest.raises(Incomplete, match=refusal) as refused:
        change(draft, policy_editor, name, value)
    assert set(refused.value.fields) == {"value"}
    assert versions.hash_of(draft) == before


@pytest.mark.parametrize(("more", "field"), [({"source": "  "}, "source"), ({"provenance": "guessed"}, "provenance")])
def test_a_value_needs_a_source_and_a_known_provenance(draft, policy_editor, more, field):
    with pytest.raises(Incomplete) as refused:
        change(draft, policy_editor, **more)
    assert field in refused.value.fields


def test_a_parameter_that_no_rule_knows_is_refused(draft, policy_editor):
    with pytest.raises(Incomplete, match="No rule asks for it"):
        drafts.change_parameter(
            version=draft, name="rent.x", value=Decimal(1), provenance="assumed", source="x", revision=0,
            by=policy_editor,
        )  # fmt: skip


def test_a_series_grows_by_a_step(draft, policy_editor):
    steps = versions.pack_of(draft).parameters["lpr_1y"].steps
    change(draft, policy_editor, "lpr_1y", (*steps, Since(dt.date(2026, 6, 20), Decimal("2.90"))))
    assert versions.parameter_set(draft).number_on("lpr_1y", JULY_1) == 290


def test_words_are_changed_in_three_languages_or_not_at_all(draft, policy_editor):
    name = {"en": "Rent relief", "zh-hans": "房租减免", "de": "Mieterlass"}
    clause = {"en": "No rent.", "zh-hans": "免租。", "de": "Keine Miete."}
    act = {"version": draft, "code": "rent_waiver", "name": name, "by": policy_editor}
    with pytest.raises(Incomplete) as refused:
        drafts.change_text(**act, clause=clause | {"de": " "}, revision=0)
    assert set(refused.value.fields) == {"clause_de"}
    drafts.change_text(**act, clause=clause, revision=0)
    draft.refresh_from_db()
    assert versions.words(draft, "rent_waiver", "clause", "de") == "Keine Miete."
    assert versions.words(draft, "talent", "clause", "de") == versions.words(
        draft.copied_from, "talent", "clause", "de"
    )
    with pytest.raises(Conflict, match="changed rent_waiver"):
        drafts.change_text(**act, clause=clause, revision=0)


def test_who_was_slower_is_told_who_was_faster(draft, policy_editor):
    other = UserFactory(name="Second Editor", roles=["policy_editor"])
    change(draft, other)
    with pytest.raises(Conflict, match=r"Second Editor changed rent_waiver\.area_m2 at .* look at it again"):
        change(draft, policy_editor, value=Decimal(100))
    change(draft, policy_editor, value=Decimal(100), revision=1)
    assert parameter(draft).value == "100"
    change(draft, other, "rent_waiver.months", Decimal(24))


# --- Confirming --------------------------------------------------------------------------------------------------


def test_a_confirmed_value_is_still_assumed_and_says_who_confirmed_it(draft, policy_editor):
    drafts.confirm_parameters(version=draft, revisions={"settlement.cap": 0, "settlement.share": 0}, by=policy_editor)
    one = parameter(draft, "settlement.cap")
    assert (one.provenance, one.confirmed_by) == ("assumed", policy_editor)
    assert draft.parameters.exclude(confirmed_at=None).count() == 2
    draft.refresh_from_db()
    assert draft.content_hash == versions.hash_of(draft)


def test_another_value_is_not_confirmed_but_a_better_source_leaves_it_so(draft, policy_editor):
    drafts.confirm_parameters(version=draft, revisions={"settlement.cap": 0}, by=policy_editor)
    change(draft, policy_editor, "settlement.cap", Decimal("100000.00"), source="The zone's board", revision=1)
    assert parameter(draft, "settlement.cap").confirmed_by == policy_editor
    change(draft, policy_editor, "settlement.cap", Decimal(90_000), revision=2)
    assert parameter(draft, "settlement.cap").confirmed_at is None


def test_only_an_assumed_value_that_was_read_is_confirmed(draft, policy_editor):
    with pytest.raises(Incomplete, match=r"rent_waiver\.area_m2 has no assumed value"):
        drafts.confirm_parameters(version=draft, revisions={AREA: 0}, by=policy_editor)
    change(draft, policy_editor, "settlement.cap", Decimal(90_000))
    with pytest.raises(Conflict, match=r"changed settlement\.cap"):
        drafts.confirm_parameters(version=draft, revisions={"settlement.cap": 0}, by=policy_editor)


def test_the_database_lets_no_confirmation_outlive_its_value(draft, policy_editor):
    drafts.confirm_parameters(version=draft, revisions={"settlement.cap": 0}, by=policy_editor)
    rows = PolicyParameter.objects.filter(version=draft, name="settlement.cap")
    for fields in ({"value": "1"}, {"provenance": "adopted"}, {"confirmed_by": None}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.update(**fields)


# --- Discarding, and who may --------------------------------------------------------------------------------------


def test_a_draft_is_discarded_with_its_simulations_until_somebody_approved_it(draft, policy_editor, approver):
    approved(draft, editor=policy_editor, approver=approver)
    with pytest.raises(Conflict, match="an approver withdraws that first"):
        drafts.discard_draft(version=draft, by=policy_editor)
    approvals.withdraw_approval(version=draft, by=approver)
    drafts.discard_draft(version=draft, by=policy_editor)
    assert list(PolicyVersion.objects.values_list("version", flat=True)) == ["2025.1"]
    with pytest.raises(Conflict, match="was discarded"):
        change_day(draft, policy_editor)


def test_a_published_version_is_not_discarded(policy, policy_editor):
    with pytest.raises(Conflict, match="it never changes"):
        drafts.discard_draft(version=policy, by=policy_editor)


def change_day(draft: PolicyVersion, by: User) -> object:
    return drafts.change_day(version=draft, effective_from=dt.date(2026, 9, 1), revision=0, by=by)


WORDS = {"en": "x", "zh-hans": "x", "de": "x"}
ACTS = {
    "draft": lambda draft, by: drafts.draft_version(base=draft, name="n", effective_from=JULY_1, by=by),
    "day": change_day,
    "parameter": lambda draft, by: change(draft, by),
    "text": lambda draft, by: drafts.change_text(
        version=draft, code="talent", name=WORDS, clause=WORDS, revision=0, by=by
    ),
    "confirm": lambda draft, by: drafts.confirm_parameters(version=draft, revisions={"settlement.cap": 0}, by=by),
    "discard": lambda draft, by: drafts.discard_draft(version=draft, by=by),
    "simulate": lambda draft, by: simulated(draft, by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["officer", "reviewer", "approver", "treasurer", "auditor"])
def test_only_policy_editors_touch_a_draft(draft, act, role):
    before = draft.content_hash
    with pytest.raises(NotAllowed):
        ACTS[act](draft, staff_member(role))
    assert PolicyVersion.objects.get(version="2026.1").content_hash == before


@pytest.mark.parametrize("act", ["day", "parameter", "text", "confirm"])
def test_a_published_version_is_changed_by_nobody(policy, policy_editor, act):
    with pytest.raises(Conflict, match=r"it never changes\. Make a new draft"):
        ACTS[act](policy, policy_editor)


def test_the_database_refuses_an_edit_beneath_an_approval(draft, policy_editor, approver):
    approved(draft, editor=policy_editor, approver=approver)
    for attempt in (
        lambda: PolicyParameter.objects.filter(version=draft, name=AREA).update(value="1"),
        lambda: PolicyParameter.objects.filter(version=draft, name=AREA).delete(),
        lambda: PolicyVersion.objects.filter(pk=draft.pk).update(effective_from=dt.date(2030, 1, 1)),
        lambda: PolicyVersion.objects.filter(pk=draft.pk).update(texts={}),
        lambda: PolicyVersion.objects.filter(pk=draft.pk).update(content_hash="x"),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            attempt()
    draft.refresh_from_db()
    assert draft.content_hash == versions.hash_of(draft)
