"""Pages of the versions: who sees and does what, and what a form that was refused says."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import RoleGrant, StaffRole, User
from subsidies import policy as versions
from subsidies.choices import PolicyState
from subsidies.models import PolicyParameter, PolicyVersion
from subsidies.rules.pack import dumps, loads
from subsidies.services import drafts
from tests.conftest import SignedIn, staff_member
from tests.packs import default_pack
from tests.subsidies.conftest import approved, confirmed, put_in_force, simulated

AREA = "rent_waiver.area_m2"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def draft(policy: PolicyVersion, policy_editor: User) -> PolicyVersion:
    return drafts.draft_version(base=policy, name="2026.1", effective_from=dt.date(2027, 7, 1), by=policy_editor)


@pytest.fixture
def editor(policy_editor: User, signed_in: SignedIn) -> Client:
    return signed_in(policy_editor)


@pytest.fixture
def second(approver: User, signed_in: SignedIn) -> Client:
    return signed_in(approver)


def url(route: str, *args: str) -> str:
    return reverse(f"subsidies:{route}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def value_of(draft: PolicyVersion, name: str = AREA) -> object:
    return PolicyParameter.objects.get(version=draft, name=name).value


PUBLIC = ["version", "version_differences", "version_pack"]


@pytest.mark.parametrize("route", PUBLIC)
def test_strangers_and_founders_read_published_versions_and_find_no_draft(draft, alice, signed_in, route):
    for client in (Client(), signed_in(alice)):
        assert client.get(url(route, "2025.1")).status_code == 200
        assert client.get(url(route, "2026.1")).status_code == 404
        assert client.get(url(route, "no such")).status_code == 404


@pytest.mark.parametrize("route", PUBLIC)
@pytest.mark.parametrize(
    ("role", "status"),
    [("reviewer", 403), ("officer", 200), ("treasurer", 200), ("auditor", 200), ("approver", 200)],
)
def test_staff_read_drafts_if_they_have_to_do_with_the_policy(draft, signed_in, route, role, status):
    assert signed_in(staff_member(StaffRole(role))).get(url(route, "2026.1")).status_code == status


def test_the_list_shows_drafts_to_those_alone_who_read_them(draft, alice, officer, signed_in):
    assert "2026.1" in text_of(signed_in(officer).get(url("versions")))
    for client in (Client(), signed_in(alice), signed_in(staff_member(StaffRole.REVIEWER))):
        page = text_of(client.get(url("versions")))
        assert "2025.1" in page
        assert "2026.1" not in page


def test_a_stranger_compares_no_published_version_with_a_draft(draft, anonymous):
    assert anonymous.get(url("version_differences", "2025.1"), {"from": "2026.1"}).status_code == 404


def test_a_superseded_version_stays_readable_and_says_until_when_it_governed(draft, policy_editor, anonymous):
    drafts.change_day(version=draft, effective_from=dt.date(2026, 7, 1), revision=0, by=policy_editor)
    put_in_force(draft)
    assert "In force from 2025-09-25, replaced on 2026-07-01." in text_of(anonymous.get(url("version", "2025.1")))
    assert "superseded" in text_of(anonymous.get(url("versions")))


def test_a_draft_is_made_and_changed_and_its_differences_are_marked(draft, editor):
    made = editor.post(url("new_draft"), {"base": "2026.1", "name": "2026.2", "effective_from": "2027-08-01"})
    assert made.url == url("version", "2026.2")
    given = {"value": "200", "provenance": "published", "source": "The zone", "revision": "0"}
    saved = editor.post(url("save_number", "2026.2", AREA), given, **HTMX)
    assert "changed" in text_of(saved)
    assert 'id="standing"' in text_of(saved)
    assert value_of(PolicyVersion.objects.get(version="2026.2")) == "200"
    page = text_of(editor.get(url("version_differences", "2026.2")))
    assert "<del>300 m²</del> <ins>200 m²</ins>" in page


def test_an_impossible_number_is_refused_beside_its_field_and_kept_in_the_form(draft, editor):
    given = {"value": "300.001", "provenance": "published", "source": "x", "revision": "0"}
    for headers in ({}, HTMX):
        page = text_of(editor.post(url("save_number", "2026.1", AREA), given, **headers))
        assert "It has at most two decimals." in page
        assert 'value="300.001"' in page
    assert value_of(draft) == "300"


def test_who_saves_over_another_is_told_by_whom(draft, editor, policy_editor):
    drafts.change_parameter(
        version=draft, name=AREA, value=Decimal(250), provenance="published", source="x", revision=0, by=policy_editor
    )
    given = {"value": "200", "provenance": "published", "source": "x", "revision": "0"}
    page = text_of(editor.post(url("save_number", "2026.1", AREA), given, **HTMX))
    assert "Policy Editor changed rent_waiver.area_m2 at" in page
    assert value_of(draft) == "250"


def test_words_are_saved_and_compared_word_by_word(draft, editor):
    given = {"revision": "0"}
    for language, words in draft.texts["points"]["rent_waiver"]["clause"].items():
        given |= {f"clause_{language}": words, f"name_{language}": "Mieterlass"}
    given["clause_en"] = given["clause_en"].replace("no office rent", "half the office rent")
    assert "changed" in text_of(editor.post(url("save_text", "2026.1", "rent_waiver"), given, **HTMX))
    page = text_of(editor.get(url("edit_section", "2026.1", "rent_waiver")))
    assert "<del>no</del><ins>half the</ins> office rent" in page
    missing = editor.post(url("save_text", "2026.1", "rent_waiver"), given | {"clause_de": "", "revision": "1"}, **HTMX)
    assert "clause_de_error" in text_of(missing)


def test_a_series_grows_by_a_row(draft, editor):
    page = editor.get(url("edit_section", "2026.1", "loan_interest"))
    (number,) = [one for one in page.context["numbers"] if one["name"] == "lpr_1y"]
    steps = number["steps"]
    given = {"provenance": "published", "source": "PBC", "revision": "0"}
    for name in ("TOTAL_FORMS", "INITIAL_FORMS"):
        given[f"lpr_1y-{name}"] = steps.management_form[name].value()
    for index, form in enumerate(steps):
        given |= {f"lpr_1y-{index}-{key}": value for key, value in form.initial.items()}
    last = len(steps) - 1
    halved = editor.post(url("save_number", "2026.1", "lpr_1y"), given | {f"lpr_1y-{last}-value": "2.9"}, **HTMX)
    assert "A step has a day and a value." in text_of(halved)
    given |= {f"lpr_1y-{last}-day": "2026-06-20", f"lpr_1y-{last}-value": "2.9"}
    assert "2026-06-20: 2.9" in text_of(editor.post(url("save_number", "2026.1", "lpr_1y"), given, **HTMX))
    assert versions.parameter_set(draft).number_on("lpr_1y", dt.date(2026, 7, 1)) == 290


def test_assumed_values_are_confirmed_one_by_one_or_all_of_a_point(draft, editor):
    page = editor.get(url("edit_section", "2026.1", "settlement"))
    names = [one["name"] for one in page.context["to_confirm"]]
    revisions = {f"revision-{name}": "0" for name in names}
    editor.post(url("confirm_section", "2026.1", "settlement"), {"name": names[:1], **revisions})
    assert draft.parameters.exclude(confirmed_at=None).count() == 1
    revisions[f"revision-{names[0]}"] = "1"
    editor.post(url("confirm_section", "2026.1", "settlement"), {"all": "1", **revisions})
    assert draft.parameters.exclude(confirmed_at=None).count() == len(names)
    assert "confirmed by the zone on" in text_of(editor.get(url("version", "2026.1")))


def test_what_was_just_changed_can_be_confirmed_on_the_same_page(draft, editor):
    given = {"value": "90000", "provenance": "assumed", "source": "x", "revision": "0"}
    page = text_of(editor.post(url("save_number", "2026.1", "settlement.cap"), given, **HTMX))
    assert '<input type="hidden" name="revision-settlement.cap" value="1">' in page
    editor.post(url("confirm_section", "2026.1", "settlement"), {"all": "1", "revision-settlement.cap": "1"})
    assert draft.parameters.get(name="settlement.cap").confirmed_at is not None


def test_strangers_read_no_names_of_those_who_made_a_version(draft, policy_editor, anonymous):
    drafts.change_day(version=draft, effective_from=dt.date(2026, 7, 1), revision=0, by=policy_editor)
    put_in_force(draft)
    page = text_of(anonymous.get(url("version", "2026.1")))
    assert "In force from 2026-07-01." in page
    assert "Policy Editor" not in page


def test_two_people_bring_a_version_into_force(draft, editor, second, policy_editor):
    confirmed(draft, policy_editor)
    assert 'data-open="approve"' not in text_of(second.get(url("version", "2026.1")))
    simulated(draft, policy_editor)
    page = text_of(second.get(url("version", "2026.1")))
    assert 'data-open="approve"' in page
    assert 'data-open="publish"' not in page
    second.post(url("approve_version", "2026.1"), {"content": draft.content_hash})
    assert 'data-open="publish"' in text_of(editor.get(url("version", "2026.1")))
    editor.post(url("publish_version", "2026.1"))
    draft.refresh_from_db()
    assert draft.state == PolicyState.PUBLISHED


def with_both_roles(user: User) -> User:
    for role in (StaffRole.POLICY_EDITOR, StaffRole.APPROVER):
        RoleGrant.objects.get_or_create(user=user, role=role)
    return User.objects.get(pk=user.pk)


def test_nothing_is_offered_that_would_be_refused(draft, policy_editor, approver, officer, signed_in):
    both, hand = with_both_roles(approver), with_both_roles(officer)
    drafts.change_day(version=draft, effective_from=dt.date(2030, 1, 2), revision=0, by=hand)
    draft.refresh_from_db()
    confirmed(draft, policy_editor)
    simulated(draft, policy_editor)
    one, other = signed_in(both), signed_in(hand)
    assert 'data-open="approve"' not in text_of(other.get(url("version", "2026.1")))
    page = text_of(other.post(url("approve_version", "2026.1"), {"content": draft.content_hash}, follow=True))
    assert "You had a hand in what version 2026.1 says" in page
    assert 'data-open="approve"' in text_of(one.get(url("version", "2026.1")))
    one.post(url("approve_version", "2026.1"), {"content": draft.content_hash})
    page = text_of(one.get(url("version", "2026.1")))
    assert 'data-open="publish"' not in page
    assert "You approved it: another policy editor publishes it." in page
    assert "You approved version 2026.1" in text_of(one.post(url("publish_version", "2026.1"), follow=True))
    page = text_of(other.get(url("version", "2026.1")))
    assert 'data-open="publish"' in page
    assert "You approved it" not in page


def test_a_draft_that_is_not_ready_says_why_when_it_is_published_all_the_same(draft, editor):
    page = text_of(editor.post(url("publish_version", "2026.1"), follow=True))
    assert "Version 2026.1 cannot be published yet. 34 assumed values" in page


def test_an_approval_is_withdrawn_and_the_draft_discarded(draft, editor, second, policy_editor, approver):
    approved(draft, editor=policy_editor, approver=approver)
    assert 'data-open="discard"' not in text_of(editor.get(url("version", "2026.1")))
    second.post(url("withdraw_approval", "2026.1"))
    assert editor.post(url("discard_draft", "2026.1")).url == url("versions")
    assert not PolicyVersion.objects.filter(version="2026.1").exists()


def test_what_is_in_the_way_leads_an_editor_to_where_it_is_mended(draft, editor, second):
    link = f'<a href="{url("edit_section", "2026.1", "activities")}">34 assumed values'
    assert link in text_of(editor.get(url("version", "2026.1")))
    assert link not in text_of(second.get(url("version", "2026.1")))


def test_the_first_day_is_changed_or_refused_in_words(draft, editor):
    editor.post(url("change_day", "2026.1"), {"effective_from": "2027-09-01", "revision": "0"})
    draft.refresh_from_db()
    assert draft.effective_from == dt.date(2027, 9, 1)
    early = editor.post(url("change_day", "2026.1"), {"effective_from": "2025-01-01", "revision": "1"}, follow=True)
    assert "It must begin after 2025-09-25" in text_of(early)


def test_a_version_goes_out_as_a_pack_and_comes_in_as_a_draft(draft, editor):
    text = editor.get(url("version_pack", "2026.1")).content.decode()
    assert loads(text) == versions.pack_of(draft)
    file = SimpleUploadedFile("pack.yaml", text.replace("2026.1", "2026.9").encode())
    assert editor.post(url("upload_pack"), {"file": file}).url == url("version", "2026.9")
    assert PolicyVersion.objects.get(version="2026.9").created_by.name == "Policy Editor"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"policy: [", "is not YAML"),
        (b"\xff\xfe", "not UTF-8"),
        (
            dumps(default_pack()).replace("value: 300\n", "value: -1\n").encode(),
            "rent_waiver.area_m2: -1 is outside",
        ),
        (dumps(default_pack()).replace("value: 300\n", "value: 200\n").encode(), "with other content"),
    ],
    ids=["not yaml", "not text", "impossible", "taken"],
)
def test_a_bad_pack_is_refused_beside_the_file(policy, editor, content, refusal):
    page = text_of(editor.post(url("upload_pack"), {"file": SimpleUploadedFile("pack.yaml", content)}))
    assert refusal in page
    assert PolicyVersion.objects.count() == 1


def test_a_published_version_has_no_editor(policy, editor):
    assert editor.get(url("edit_section", "2025.1", "talent")).status_code == 404
    assert editor.post(url("save_number", "2025.1", AREA), {"value": "1"}).status_code == 404
