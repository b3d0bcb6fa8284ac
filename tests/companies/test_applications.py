"""From a draft to a company: states, people, decisions, and two people at once."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.utils import translation

from accounts import notices, tasks
from accounts.models import Notice
from companies.models import Application, Company, TimelineEntry
from companies.services import admission, applications, register
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import first_day
from tests.companies.conftest import ANSWERS, ON, TEAM_ANSWERS, USCC
from tests.factories import CompanyFactory, UserFactory

ACTS = {
    "save": lambda item, by: applications.save_answers(application=item, step="people", typed={"contact": "X"}, by=by),
    "submit": lambda item, by: applications.submit_application(application=item, by=by, on=ON),
    "withdraw": lambda item, by: applications.withdraw_application(application=item, by=by),
    "ask": lambda item, by: admission.ask_for_changes(application=item, note="More words, please.", by=by),
    "decline": lambda item, by: admission.decline_application(application=item, reason="No room.", by=by),
    "admit": lambda item, by: admission.admit_application(application=item, by=by, on=ON),
}
OFFICERS = {"ask", "decline", "admit"}
STATES = ["draft", "submitted", "changes_requested", "admitted", "declined", "withdrawn"]
OPEN = {
    "save": {"draft", "changes_requested"},
    "submit": {"draft", "changes_requested"},
    "withdraw": {"draft", "changes_requested", "submitted"},
    "ask": {"submitted"},
    "decline": {"submitted"},
    "admit": {"submitted"},
}


def bring(item: Application, state: str, founder, officer) -> Application:
    """Move a draft to a state by the acts that lead there."""
    path = {
        "draft": [],
        "submitted": ["submit"],
        "changes_requested": ["submit", "ask"],
        "admitted": ["submit", "admit"],
        "declined": ["submit", "decline"],
        "withdrawn": ["withdraw"],
    }[state]
    for act in path:
        ACTS[act](item, officer if act in OFFICERS else founder)
    item.refresh_from_db()
    return item


def written() -> tuple:
    return (
        list(Application.objects.values_list("state", "answers", "note")),
        TimelineEntry.objects.count(),
        Company.objects.count(),
        OutboxEvent.objects.count(),
        Notice.objects.count(),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_possible_in_its_states_and_in_no_other(draft, founder, officer, state, act):
    item = bring(draft, state, founder, officer)
    by = officer if act in OFFICERS else founder
    if state in OPEN[act]:
        ACTS[act](item, by)
        return
    before = written()
    with pytest.raises(Conflict):
        ACTS[act](item, by)
    assert written() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "actor", ["auditor", "approver", "treasurer", "reviewer", "policy_editor", "mallory", "founder"]
)
@pytest.mark.parametrize("act", sorted(OFFICERS))
def test_only_officers_decide(request, sent, actor, act):
    by = request.getfixturevalue(actor)
    before = written()
    with pytest.raises(NotAllowed):
        ACTS[act](sent, by)
    assert written() == before


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["officer", "mallory", "auditor"])
@pytest.mark.parametrize("act", ["save", "submit", "withdraw"])
def test_only_the_applicants_people_act_on_a_draft(request, draft, actor, act):
    by = request.getfixturevalue(actor)
    before = written()
    with pytest.raises(NotAllowed):
        ACTS[act](draft, by)
    assert written() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "allowed"), [("owner", {"save", "submit", "withdraw"}), ("editor", {"save"}), ("viewer", set())]
)
def test_the_role_on_an_application_bounds_what_a_colleague_does(draft, role, allowed):
    colleague = UserFactory()
    draft.people.create(user=colleague, role=role)
    for act in ("save", "submit", "withdraw"):
        if act not in allowed:
            with pytest.raises(NotAllowed):
                ACTS[act](draft, colleague)
    for act in ("save", "submit", "withdraw"):
        if act in allowed:
            draft = ACTS[act](draft, colleague) if act != "submit" else draft


@pytest.mark.django_db
def test_nobody_decides_on_his_own_application(sent, officer):
    sent.people.create(user=officer, role="viewer")
    with pytest.raises(NotAllowed):
        ACTS["admit"](sent, officer)


@pytest.mark.django_db
def test_a_draft_keeps_what_was_typed_even_when_it_is_wrong(make_application):
    item = make_application({"kind": {"kind": "company"}, "identity": {"name": "", "uscc": "nonsense", "evil": "x"}})
    assert item.answers["identity"] == {"name": "", "uscc": "nonsense"}


@pytest.mark.django_db
def test_an_incomplete_application_is_not_sent_and_the_steps_are_named(make_application, founder):
    item = make_application({"kind": {"kind": "company"}, "identity": {**ANSWERS["identity"], "uscc": USCC[:-1] + "M"}})
    with pytest.raises(Incomplete) as refused:
        applications.submit_application(application=item, by=founder, on=ON)
    assert set(refused.value.fields) == {"identity", "people", "building", "space"}
    assert "last character" in refused.value.fields["identity"][0]
    assert Application.objects.get().state == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "change", "words"),
    [
        ("identity", {"uscc": ""}, "credit code"),
        ("identity", {"founded_on": "2026-06-16"}, "future"),
        ("identity", {"registered_on": "2025-01-09"}, "before it was founded"),
        ("identity", {"website": "not a site"}, "URL"),
        ("building", {"summary": "short"}, "40"),
        ("space", {"area_m2": ""}, "how large"),
        ("space", {"want": "desks"}, "how many desks"),
        ("people", {"phone": "call me"}, "digits"),
    ],
)
def test_what_is_wrong_is_said_at_its_step(make_application, founder, step, change, words):
    item = make_application({**ANSWERS, step: {**ANSWERS[step], **change}})
    with pytest.raises(Incomplete) as refused:
        applications.submit_application(application=item, by=founder, on=ON)
    assert list(refused.value.fields) == [step]
    assert words in " ".join(refused.value.fields[step])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"founded_on": "2026-06-15", "registered_on": ""}, {"uscc": "", "country": "DE"}, {"registered_on": "2025-01-10"}],
)
def test_the_near_side_of_each_boundary_is_fine(make_application, change):
    assert make_application({**ANSWERS, "identity": {**ANSWERS["identity"], **change}}, sent=True).state == "submitted"


@pytest.mark.django_db
def test_admission_makes_a_company_its_people_members_and_tells_them(sent, founder, officer):
    viewer = UserFactory()
    sent.people.create(user=viewer, role="viewer")
    company = admission.admit_application(application=sent, by=officer, on=ON)
    assert (company.code, company.uscc, company.kind, company.stage) == ("2026-0001", USCC, "company", "nestling")
    assert first_day(company.registration) == dt.date(2026, 5, 1)
    assert company.operation is None  # nobody settled it: unknown
    assert set(company.memberships.values_list("user", "role")) == {(founder.pk, "owner"), (viewer.pk, "viewer")}
    assert Application.objects.get().company == company
    assert {"application.admitted", "company.admitted", "company.changed"} <= set(
        OutboxEvent.objects.values_list("topic", flat=True)
    )
    told = Notice.objects.filter(message="application_admitted")
    assert set(told.values_list("user", "url")) == {
        (person.pk, "/workspace/2026-0001/") for person in (founder, viewer)
    }


@pytest.mark.django_db
def test_the_admitted_are_told_in_their_language_by_their_name_and_after_how_many_days(sent, officer):
    admission.admit_application(application=sent, by=officer, on=ON)
    notice = Notice.objects.get(message="application_admitted")
    assert "It took 1 day." in notices.shown(notice).text
    with translation.override("zh-hans"):
        assert sent.name_zh in notices.shown(notice).title
        assert "用时1天" in notices.shown(notice).text


@pytest.mark.parametrize(
    ("answers", "name"),
    [({"name": "A", "name_zh": "甲"}, "A"), ({"name": " ", "name_zh": "甲"}, "甲"), ({}, "0f5a7c2e")],
)
def test_an_application_is_called_by_its_name_or_its_number(answers, name):
    number = "0f5a7c2e-0000-4000-8000-000000000000"
    assert Application(public_id=number, answers={"identity": answers}).name == name


def test_a_name_that_turns_the_writing_around_is_refused(make_application):
    answers = {**ANSWERS, "identity": {**ANSWERS["identity"], "name": "Loom \u202egnp.exe"}}
    application = make_application(answers)
    with pytest.raises(Incomplete) as refused:
        applications.submit_application(application=application, by=application.created_by, on=ON)
    assert "direction" in str(refused.value.fields)


@pytest.mark.parametrize("field", ["name", "name_zh", "industry"])
def test_the_register_refuses_what_turns_the_writing_around(officer, field):
    values = {"code": "X-1", "name": "Nova", field: "Nova\u2067"}
    with pytest.raises(Incomplete) as refused:
        register.create_company(by=officer, on=ON, **values)
    assert list(refused.value.fields) == [field]


def test_a_team_is_admitted_without_identifiers(make_application, officer):
    company = admission.admit_application(application=make_application(TEAM_ANSWERS, sent=True), by=officer, on=ON)
    assert (company.kind, company.uscc, company.founded_on, company.registration) == ("team", None, None, None)


@pytest.mark.django_db
def test_the_officer_settles_other_values_and_another_code(sent, officer):
    values = {"code": "Z-9", "name": "Settled", "operation": None}
    company = admission.admit_application(application=sent, values=values, by=officer, on=ON)
    assert (company.code, company.name, company.industry) == ("Z-9", "Settled", "robotics")


@pytest.mark.django_db
def test_codes_given_by_hand_are_passed_over(sent, officer):
    CompanyFactory(code="2026-0001")
    assert admission.admit_application(application=sent, by=officer, on=ON).code == "2026-0002"


@pytest.mark.django_db
def test_a_refused_admission_leaves_nothing_behind_and_uses_no_code(sent, make_application, officer):
    CompanyFactory(uscc=USCC)
    with pytest.raises(Conflict):
        admission.admit_application(application=sent, by=officer, on=ON)
    assert Application.objects.get().state == "submitted"
    team = make_application(TEAM_ANSWERS, sent=True)
    assert admission.admit_application(application=team, by=officer, on=ON).code == "2026-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda item, by: admission.ask_for_changes(application=item, note="  ", by=by),
        lambda item, by: admission.decline_application(application=item, reason="", by=by),
    ],
)
def test_giving_back_and_declining_need_words(sent, officer, act):
    with pytest.raises(Incomplete):
        act(sent, officer)
    assert Application.objects.get().state == "submitted"


@pytest.mark.django_db
def test_each_step_leaves_a_line_and_the_note_reaches_the_applicant(sent, founder, officer):
    ACTS["ask"](sent, officer)
    ACTS["submit"](sent, founder)
    ACTS["decline"](sent, officer)
    steps = list(sent.timeline.values_list("step", "note"))
    assert steps == [
        ("started", ""),
        ("submitted", ""),
        ("changes_requested", "More words, please."),
        ("resubmitted", ""),
        ("declined", "No room."),
    ]
    assert Notice.objects.get(message="application_declined", user=founder).context["note"] == "No room."


def told_officers() -> list[tuple[str, str]]:
    arrivals = Notice.objects.filter(message__in=["application_arrived", "application_returned"])
    return sorted(arrivals.values_list("user__email", "message"))


@pytest.mark.django_db
def test_the_officers_learn_of_an_application_whenever_it_is_sent(draft, founder, officer, approver):
    UserFactory(email="gone@zone.example", roles=["officer"], is_active=False)
    ACTS["submit"](draft, founder)
    assert told_officers() == [(officer.email, "application_arrived")]
    ACTS["ask"](draft, officer)
    ACTS["submit"](draft, founder)
    assert told_officers() == [(officer.email, "application_arrived"), (officer.email, "application_returned")]
    notice = Notice.objects.filter(user=officer).last()
    assert notice.url == f"/applications/{draft.public_id}/"
    assert notices.shown(notice).title == "New application: “Xingyun Robotics”"
    assert "Li Na" in notices.shown(notice).text


@pytest.mark.django_db
def test_an_officer_is_mailed_the_link_to_the_review(
    draft, founder, officer, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.BASE_URL = "https://zone.example"
    monkeypatch.setattr(tasks.mail_notice, "delay", tasks.mail_notice)
    with django_capture_on_commit_callbacks(execute=True):
        ACTS["submit"](draft, founder)
    (message,) = [message for message in mail.outbox if message.to == [officer.email]]
    assert f"https://zone.example/applications/{draft.public_id}/" in message.body


@pytest.mark.django_db
def test_an_officer_is_not_asked_to_look_at_his_own_application(draft, founder, officer):
    draft.people.create(user=officer, role="viewer")
    ACTS["submit"](draft, founder)
    assert told_officers() == []
    assert [notice.message for notice in officer.notices.all()] == ["application_submitted"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"state": "lost"}, {"state": "admitted"}, {"state": "submitted"}, {"kind": "anchor"}]
)
def test_the_database_knows_the_states(founder, values):
    with pytest.raises(IntegrityError, match="companies_application_"):
        Application.objects.bulk_create([Application(**{"kind": "team", "created_by": founder, **values})])


def at_once(*acts) -> list:
    """Run the acts in threads of their own, each with its own connection; returns results or errors."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever came out
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), [("admit", "admit"), ("admit", "decline"), ("decline", "ask")])
def test_of_two_officers_at_once_one_decides_and_the_other_is_told(sent, officer, one, other):
    colleague = UserFactory(name="Second Officer", roles=["officer"])
    results = at_once(
        lambda: ACTS[one](Application.objects.get(), officer), lambda: ACTS[other](Application.objects.get(), colleague)
    )
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in refused] == [Conflict]
    assert refused[0].code == "moved_already"
    assert Company.objects.count() == (1 if Application.objects.get().state == "admitted" else 0)
    assert TimelineEntry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_admissions_at_once_get_two_codes(make_application, officer):
    items = [make_application(TEAM_ANSWERS, sent=True) for _number in range(4)]
    companies = at_once(*[lambda item=item: ACTS["admit"](item, officer) for item in items])
    assert sorted(company.code for company in companies) == ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]
