"""Entering and changing companies."""

import datetime as dt

import pytest
from django.db import IntegrityError

from companies.history import history_of
from companies.models import Company, StageChange
from companies.services import register
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import first_day, last_day, period
from tests.companies.conftest import ON, USCC
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def create(officer, **values):
    return register.create_company(by=officer, on=ON, **{"code": "X-1", "name": "Nova", **values})


def change(company, by, revision=None, **values):
    return register.change_company(company=company, values=values, revision=revision, by=by, on=ON)


def test_a_company_is_entered_with_what_follows_from_its_names(officer):
    company = create(officer, name="Ärzte GmbH", name_zh="星云", uscc=USCC.lower(), website="https://www.nova.example/")
    company.refresh_from_db()
    assert company.uscc == USCC
    assert company.website_host == "nova.example"
    assert company.match_name == "arzte"
    assert list(Company.objects.search_for("星云")) == list(Company.objects.search_for("arz")) == [company]
    assert OutboxEvent.objects.filter(topic="company.changed", key="X-1").count() == 1


def test_what_is_not_said_stays_unknown(officer):
    company = create(officer)
    assert (company.registration, company.operation, company.founded_on, company.listed) == (None, None, None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"uscc": USCC[:-1] + "M"}, "uscc"),
        ({"code": "a b"}, "code"),
        ({"code": "new"}, "code"),
        ({"kind": "club"}, "kind"),
        ({"country": "China"}, "country"),
        ({"name": " "}, "name"),
    ],
)
def test_a_malformed_field_is_named(officer, values, field):
    with pytest.raises(Incomplete) as refused:
        create(officer, **values)
    assert field in refused.value.fields
    assert not Company.objects.exists()


def test_two_companies_cannot_share_a_credit_code(officer):
    create(officer, uscc=USCC)
    with pytest.raises(Conflict) as refused:
        create(officer, code="X-2", uscc=USCC)
    assert "uscc" in refused.value.fields


def test_a_change_keeps_search_and_sort_key_in_step(officer):
    company = change(create(officer, name="Nova"), officer, name="Zeta", name_zh="竹林")
    company.refresh_from_db()
    assert company.name_key.startswith("zeta|")
    assert list(Company.objects.search_for("竹林")) == [company]
    assert not Company.objects.search_for("nova").exists()


def test_a_change_that_changes_nothing_writes_nothing(officer):
    company = create(officer)
    before = OutboxEvent.objects.count(), company.events.count()
    change(company, officer, name="Nova", uscc="", website=" ")
    assert (OutboxEvent.objects.count(), company.events.count()) == before


def test_periods_include_both_days(officer):
    company = create(officer)
    company = register.register_company(company=company, first=ON, by=officer, on=ON)
    assert last_day(company.registration) is None
    company = register.deregister_company(company=company, last=ON, by=officer, on=ON)
    assert (first_day(company.registration), last_day(company.registration)) == (ON, ON)
    company = register.set_operation(company=company, first=None, last=None, by=officer, on=ON)
    assert company.operation is None


def test_a_registration_cannot_end_before_it_begins(officer):
    company = create(officer, registration=period(ON, None))
    with pytest.raises(Incomplete):
        register.deregister_company(company=company, last=ON - DAY, by=officer, on=ON)


def test_each_change_of_stage_is_kept_with_day_reason_and_person(officer):
    company = create(officer, stage="nestling")
    register.change_company(
        company=company, values={"stage": "chick"}, by=officer, on=ON + DAY, reason="product in use"
    )
    assert list(StageChange.objects.values_list("stage", "since", "reason", "by")) == [
        ("nestling", ON, "", officer.pk),
        ("chick", ON + DAY, "product in use", officer.pk),
    ]


def test_history_cannot_be_rewritten(officer, transactional_db):
    create(officer, stage="nestling")
    with pytest.raises(Exception, match="Cannot update or delete rows"):
        StageChange.objects.update(stage="unicorn")


def test_a_stale_page_is_told_who_changed_what(officer, approver):
    company = create(officer)
    seen = Company.objects.get().revision
    change(company, officer, industry="games", website="https://a.example/")
    with pytest.raises(Conflict) as refused:
        change(company, officer, revision=seen, industry="robots")
    assert refused.value.code == "stale"
    assert "industry" in str(refused.value)
    assert "website" in str(refused.value)
    assert Company.objects.get().industry == "games"


def test_the_revision_counts_every_write_by_whomever(officer):
    company = create(officer)
    Company.objects.filter(pk=company.pk).update(industry="by hand")
    change(company, officer, industry="games")
    assert Company.objects.get().revision == 3
    change(company, officer, revision=3, industry="robots")


@pytest.mark.parametrize(
    "actor", ["approver", "treasurer", "reviewer", "policy_editor", "auditor", "bob", "carol", "mallory"]
)
def test_only_officers_keep_the_register(request, company, actor):
    user = request.getfixturevalue(actor)
    for act in (
        lambda: register.create_company(by=user, on=ON, code="Y", name="Y"),
        lambda: change(company, user, name="Hacked"),
        lambda: change(company, user, website="https://hacked.example/"),
        lambda: register.add_relation(company=company, other=CompanyFactory(), kind="parent", by=user),
        lambda: register.register_company(company=company, first=ON, by=user, on=ON),
    ):
        with pytest.raises(NotAllowed):
            act()
    company.refresh_from_db()
    assert (company.name, company.website, company.revision) == ("Lingxi Audio", "", 1)
    assert not OutboxEvent.objects.exists()


def test_an_owner_changes_the_profile_and_nothing_else(company, alice):
    assert change(company, alice, website="https://lingxi.example/", name_zh="灵犀").name_zh == "灵犀"
    with pytest.raises(NotAllowed):
        change(company, alice, name="Other")
    with pytest.raises(NotAllowed):
        change(company, alice, website="https://x.example/", stage="unicorn")


def test_relations_are_entered_once_and_never_to_oneself(officer, company, other_company):
    relation = register.add_relation(company=company, other=other_company, kind="parent", first=ON, by=officer)
    with pytest.raises(Conflict):
        register.add_relation(company=company, other=other_company, kind="sibling", by=officer)
    with pytest.raises(Incomplete):
        register.add_relation(company=company, other=company, kind="parent", by=officer)
    with pytest.raises(Incomplete):
        register.add_relation(company=other_company, other=company, kind="cousin", by=officer)
    register.remove_relation(relation=relation, by=officer)
    assert OutboxEvent.objects.filter(topic="relation.changed").count() == 2


def test_the_history_tells_what_was_and_what_is(officer, company, alice):
    change(company, officer, industry="games", listed=False)
    steps = history_of(company)
    told = {item.label: (item.before, item.after) for step in steps for item in step.changes}
    assert told == {"industry": (None, "games"), "listed on an exchange": (None, "no")}
    assert any(step.about == alice.display_name for step in steps)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "club"}, "companies_company_kind_known"),
        ({"stage": "egg"}, "companies_company_stage_known"),
        ({"uscc": "abc"}, "companies_company_uscc_form"),
        ({"uscc": USCC}, "companies_company_uscc"),
        ({"code": "a b"}, "companies_company_code_form"),
        ({"registration": "empty"}, "companies_company_registration_not_empty"),
        ({"operation": "empty"}, "companies_company_operation_not_empty"),
    ],
)
def test_the_database_refuses_what_no_form_has_seen(values, constraint):
    CompanyFactory(uscc=USCC)
    with pytest.raises(IntegrityError, match=constraint):
        Company.objects.bulk_create([Company(code=values.pop("code", "Z"), name="Z", **values)])


def test_names_of_both_scripts_stand_in_one_order(officer):
    for number, name in enumerate(["Zeta", "竹林", "alpha", "杭州", "Ärger"]):
        create(officer, code=f"X-{number}", name=name)
    assert [company.name for company in Company.objects.all()] == ["alpha", "Ärger", "杭州", "Zeta", "竹林"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("星云", True),
        ("云机", True),
        ("云星", False),
        ("XING rob", True),
        ("rob xing", True),
        ("X-1", True),
        ("xyz", False),
        ("' & |", True),
    ],
)
def test_search_in_either_script(officer, words, found):
    create(officer, name="Xingyun Robotics", name_zh="杭州星云机器人")
    assert Company.objects.search_for(words).exists() == found
