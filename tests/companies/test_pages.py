"""Pages: who may open what, the wizard from the first page to the workspace, lists in a fixed number of queries."""

import csv
import io

import openpyxl
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from accounts.models import Notice
from companies.models import Application, Company, Invitation, Membership
from companies.services import admission, applications, invitations, register
from tests.companies.conftest import ANSWERS, ON, TEAM_ANSWERS, USCC, verified
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db
STAFF = ["officer", "approver", "treasurer", "reviewer", "policy_editor", "auditor"]
FOUNDERS = ["alice", "bob", "carol", "mallory"]


def url_of(name: str, company: Company, sent: Application) -> str:
    key = {"companies": company.code, "workspace": company.code, "applications": sent.public_id}[name.partition(":")[0]]
    return reverse(name, args=[] if name in ("companies:list", "companies:create", "applications:queue") else [key])


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("companies:list", STAFF, []),
        ("companies:detail", STAFF, []),
        ("companies:history", STAFF, []),
        ("companies:create", ["officer"], STAFF[1:]),
        ("companies:edit", ["officer"], STAFF[1:]),
        ("applications:queue", STAFF, []),
        ("applications:review", STAFF, []),
        ("applications:admit", ["officer"], STAFF[1:]),
        ("workspace:home", [*STAFF, "alice", "bob", "carol"], []),
        ("workspace:people", [*STAFF, "alice", "bob", "carol"], []),
        ("workspace:profile", ["alice"], [*STAFF, "bob", "carol"]),
        ("applications:status", ["founder"], []),
    ],
)
def test_who_may_open_a_page(request, signed_in, company, sent, name, allowed, refused):
    url = url_of(name, company, sent)
    for actor in [*STAFF, *FOUNDERS, "founder"]:
        status = signed_in(request.getfixturevalue(actor)).get(url).status_code
        assert status == (200 if actor in allowed else 403 if actor in refused else 404), (name, actor)


@pytest.mark.parametrize("name", ["companies:list", "applications:queue", "workspace:home", "applications:status"])
def test_anonymous_visitors_sign_in_first(client, company, sent, name):
    response = client.get(url_of(name, company, sent))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


@pytest.mark.parametrize("act", ["admit", "ask", "decline"])
@pytest.mark.parametrize(("actor", "status"), [("auditor", 403), ("approver", 403), ("mallory", 404), ("founder", 404)])
def test_nobody_else_decides_by_post(request, signed_in, sent, act, actor, status):
    client = signed_in(request.getfixturevalue(actor))
    typed = {"code": "X", "name": "X", "kind": "team", "ask-note": "x", "decline-note": "x"}
    assert client.post(reverse(f"applications:{act}", args=[sent.public_id]), typed).status_code == status
    assert Application.objects.get().state == "submitted"


def test_staff_do_not_see_drafts(signed_in, officer, draft):
    client = signed_in(officer)
    assert client.get(reverse("applications:review", args=[draft.public_id])).status_code == 404
    assert client.get(reverse("applications:status", args=[draft.public_id])).status_code == 404
    assert "Xingyun" not in client.get(reverse("applications:queue") + "?state=").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "de"])
@pytest.mark.parametrize("answers", [ANSWERS, TEAM_ANSWERS], ids=["company", "team"])
def test_a_founder_walks_through_the_wizard_and_an_officer_admits(signed_in, founder, officer, language, answers):
    founder.language = officer.language = language
    founder.save()
    officer.save()
    client = signed_in(founder)
    headers = {"HTTP_ACCEPT_LANGUAGE": language}
    response = client.post(reverse("applications:start"), answers["kind"], **headers)
    for step in ("identity", "people", "building", "space"):
        assert response["Location"].endswith(f"/{step}/")
        assert client.get(response["Location"], **headers).status_code == 200
        response = client.post(response["Location"], answers[step], **headers)
    page = client.get(response["Location"], **headers)
    assert page.context["problems"] == []
    with translation.override(language):
        assert f'lang="{ {"zh-hans": "zh-Hans"}.get(language, language) }"' in page.content.decode()
    response = client.post(response["Location"], **headers)
    item = Application.objects.get()
    assert item.state == "submitted"
    assert client.get(response["Location"], **headers).status_code == 200
    staff = signed_in(officer)
    name = item.answers["identity"]["name_zh" if language == "zh-hans" else "name"]
    assert name in staff.get(reverse("applications:queue"), **headers).content.decode()
    assert staff.get(reverse("applications:review", args=[item.public_id]), **headers).status_code == 200
    form = staff.get(reverse("applications:admit", args=[item.public_id]), **headers).context["form"]
    typed = {name: value or "" for name, value in form.initial.items()} | {"operating_from": "2026-06-01"}
    response = staff.post(reverse("applications:admit", args=[item.public_id]), typed, **headers)
    company = Company.objects.get()
    assert response["Location"] == reverse("companies:detail", args=[company.code])
    assert client.get(reverse("workspace:home", args=[company.code]), **headers).status_code == 200


def test_an_invalid_page_says_so_with_links_and_keeps_what_was_typed(signed_in, founder, make_application):
    item = make_application({"kind": {"kind": "company"}})
    url = reverse("applications:step", args=[item.public_id, "identity"])
    page = signed_in(founder).post(url, {**ANSWERS["identity"], "uscc": USCC[:-1] + "M"})
    assert page.status_code == 200
    assert 'href="#id_uscc"' in page.content.decode()
    assert Application.objects.get().answers["identity"]["uscc"].endswith("M")
    again = signed_in(founder).get(url).content.decode()
    assert USCC[:-1] + "M" in again


def test_htmx_saves_while_typing_and_answers_with_words(signed_in, founder, make_application):
    item = make_application({"kind": {"kind": "team"}})
    url = reverse("applications:step", args=[item.public_id, "people"])
    response = signed_in(founder).post(url, {"contact": "Li"}, HTTP_HX_REQUEST="true")
    assert response.content.decode().startswith("Saved at ")
    assert Application.objects.get().answers["people"] == {"contact": "Li"}


def test_check_lists_problems_with_links_to_their_fields_and_does_not_send(signed_in, founder, make_application):
    item = make_application({"kind": {"kind": "company"}, "identity": ANSWERS["identity"]})
    page = signed_in(founder).post(reverse("applications:check", args=[item.public_id])).content.decode()
    assert f'href="/apply/{item.public_id}/people/#id_contact"' in page
    assert Application.objects.get().state == "draft"


def test_the_applicant_learns_no_more_than_that_the_zone_checks(signed_in, founder, officer, draft):
    CompanyFactory(code="SECRET-1", name="Hidden", uscc=USCC)
    page = signed_in(founder).get(reverse("applications:check", args=[draft.public_id])).content.decode()
    assert "The zone will check" in page
    assert "SECRET-1" not in page
    applications.submit_application(application=draft, by=founder, on=ON)
    review = signed_in(officer).get(reverse("applications:review", args=[draft.public_id])).content.decode()
    assert "SECRET-1" in review
    assert "same credit code" in review


def test_entering_a_double_asks_once_more(signed_in, officer):
    register.create_company(by=officer, on=ON, code="X-1", name="Xingyun Robotics")
    client, url = signed_in(officer), reverse("companies:create")
    typed = {"code": "X-2", "name": "Xingyun Robotics Ltd", "kind": "company"}
    assert "X-1" in client.post(url, typed).content.decode()
    assert Company.objects.count() == 1
    assert client.post(url, {**typed, "anyway": "1"}).status_code == 302
    hints = client.get(reverse("companies:duplicates"), {"name": "xingyun robotics"}).content.decode()
    assert "X-1" in hints


def test_a_stale_form_shows_who_changed_what_and_may_be_saved_again(signed_in, officer):
    company = register.create_company(by=officer, on=ON, code="X-1", name="Nova", industry="games")
    client, url = signed_in(officer), reverse("companies:edit", args=["X-1"])
    typed = {name: value or "" for name, value in client.get(url).context["form"].initial.items()}
    register.change_company(company=company, values={"website": "https://nova.example/"}, by=officer, on=ON)
    page = client.post(url, {**typed, "industry": "robots"})
    assert "changed website" in page.content.decode()
    assert Company.objects.get().industry == "games"
    revision = page.context["form"]["revision"].value()
    assert client.post(url, {**typed, "industry": "robots", "revision": revision}).status_code == 302
    assert Company.objects.get().industry == "robots"


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize("name", ["companies:list", "companies:detail", "applications:queue", "workspace:home"])
def test_a_page_costs_the_same_queries_whatever_its_size(
    signed_in, officer, founder, company, django_assert_max_num_queries, name, size
):
    for number in range(size):
        other = CompanyFactory()
        Membership.objects.create(company=company, user=UserFactory(), role="viewer")
        register.add_relation(company=company, other=other, kind="sibling", by=officer)
        register.change_company(company=company, values={"stage": ["chick", "growing"][number % 2]}, by=officer, on=ON)
        person = UserFactory()
        item = applications.start_application(kind="team", by=person)
        for step, typed in TEAM_ANSWERS.items():
            applications.save_answers(application=item, step=step, typed=typed, by=person)
        applications.submit_application(application=item, by=person, on=ON)
    client = signed_in(officer)
    url = reverse(name, args=[company.code] if name in ("companies:detail", "workspace:home") else [])
    with django_assert_max_num_queries(16):
        assert client.get(url).status_code == 200


def test_the_table_is_searched_filtered_sorted_and_exported_by_its_address(signed_in, officer):
    for code, name, name_zh, stage in [
        ("A", "Zeta", "星云", "chick"),
        ("B", "Alpha", "竹林", "chick"),
        ("C", "Nova", "", ""),
    ]:
        register.create_company(by=officer, on=ON, code=code, name=name, name_zh=name_zh, stage=stage, listed=False)
    client, url = signed_in(officer), reverse("companies:list")

    def codes(query: str) -> list[str]:
        return [row.record.code for row in client.get(url + query).context["table"].page.object_list]

    assert codes("") == ["B", "C", "A"]
    assert codes("?sort=-name") == ["A", "C", "B"]
    assert codes("?q=星云") == ["A"]
    assert codes("?q=alp") == ["B"]
    assert codes("?stage=chick") == ["B", "A"]
    assert codes("?stage=none") == ["C"]
    assert codes("?registered_on=2026-01-01") == []
    assert codes("?per_page=50&page=1") == ["B", "C", "A"]
    exported = b"".join(client.get(url + "?stage=chick&export=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [(row["code"], row["name_zh"], row["stage"], row["listed"]) for row in rows] == [
        ("B", "竹林", "chick", "no"),
        ("A", "星云", "chick", "no"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(url + "?q=nova&export=xlsx").streaming_content)))
    assert [row[0].value for row in book.active.rows] == ["code", "C"]
    assert client.get(url + "?export=exe").status_code == 404


def test_an_invited_colleague_joins_with_the_verified_address_and_nobody_else(
    signed_in, alice, company, mallory, django_capture_on_commit_callbacks
):
    verified(mallory)
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in(alice).post(
            reverse("workspace:people", args=[company.code]), {"email": "Dora@Example.org", "role": "editor"}
        )
    assert response.status_code == 302
    invitation = Invitation.objects.get()
    assert invitations.mail(invitation.pk) or mail.outbox
    assert mail.outbox[0].to == ["dora@example.org"]
    url = reverse("workspace:invitation", args=[invitation.public_id])
    assert url in mail.outbox[0].body
    assert not invitations.mail(invitation.pk)
    dora = UserFactory(email="dora@example.org")
    assert signed_in(mallory).get(url).status_code == 404
    assert signed_in(dora).get(url).status_code == 404  # the address is not verified yet
    client = signed_in(verified(dora))
    assert client.get(url).status_code == 200
    assert client.post(url)["Location"] == reverse("workspace:home", args=[company.code])
    assert company.memberships.get(user=dora).role == "editor"
    assert client.post(url).status_code == 404


@pytest.mark.parametrize(
    ("actor", "status"), [("alice", 302), ("officer", 302), ("bob", 403), ("carol", 403), ("mallory", 404)]
)
def test_who_invites_and_who_removes(request, signed_in, company, alice, bob, carol, actor, status):
    client = signed_in(request.getfixturevalue(actor))
    people = reverse("workspace:people", args=[company.code])
    assert client.post(people, {"email": "new@example.org", "role": "viewer"}).status_code == status
    assert Invitation.objects.exists() == (status == 302)
    target = company.memberships.create(user=UserFactory(), role="viewer")
    for name, typed in (("workspace:role", {"role": "editor"}), ("workspace:remove", {})):
        assert client.post(reverse(name, args=[company.code, target.pk]), typed).status_code == status
    assert Membership.objects.filter(pk=target.pk).exists() == (status != 302)


def test_the_last_owner_stays(signed_in, company, alice, bob):
    owner = company.memberships.get(user=alice)
    client = signed_in(alice)
    client.post(reverse("workspace:remove", args=[company.code, owner.pk]))
    client.post(reverse("workspace:role", args=[company.code, owner.pk]), {"role": "viewer"})
    assert company.memberships.get(user=alice).role == "owner"
    editor = company.memberships.get(user=bob)
    client.post(reverse("workspace:role", args=[company.code, editor.pk]), {"role": "owner"})
    assert client.post(reverse("workspace:remove", args=[company.code, owner.pk])).status_code == 302
    assert not company.memberships.filter(user=alice).exists()


def test_the_founder_is_told_each_step_in_his_language(signed_in, sent, founder, officer):
    admission.ask_for_changes(application=sent, note="请补充", by=officer)
    notice = Notice.objects.filter(user=founder).first()
    assert (notice.message, notice.url) == (
        "application_changes_requested",
        reverse("applications:status", args=[sent.public_id]),
    )
    page = signed_in(founder).get(notice.url).content.decode()
    assert "请补充" in page
    assert "Go on" in page
