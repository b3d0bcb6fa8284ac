"""Acts on talents: what is refused, with which words, and who may."""

import datetime as dt

import pytest

from community import services
from community.models import Talent
from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from core.periods import period
from tests.factories import TalentFactory

FROM, UNTIL = dt.date(2026, 1, 5), dt.date(2026, 7, 4)


def enter(employer, by, **other) -> Talent:
    return services.enter_talent(
        **{"code": "T-1", "name": "林晓", "grade": "B", "company": employer, "employed_from": FROM, "by": by, **other}
    )


def change(talent, by, **other) -> Talent:
    said = {"name": talent.name, "grade": talent.grade, "company": talent.company, "employed_from": FROM}
    return services.change_talent(talent=talent, by=by, **{**said, "employed_until": None, **other})


def told() -> list[tuple[str, str, dict[str, str]]]:
    return list(OutboxEvent.objects.order_by("pk").values_list("topic", "key", "payload"))


@pytest.mark.parametrize("who", ["alice", "bob", "officer"])
def test_owners_editors_and_officers_enter_a_talent_of_the_company(company, request, who):
    enter(company, request.getfixturevalue(who), employed_until=UNTIL)
    assert Talent.objects.get().employment == period(FROM, UNTIL)
    assert told() == [("talent.changed", "T-1", {"company": "A-001"})]


@pytest.mark.parametrize("who", ["carol", "mallory", "approver", "treasurer", "reviewer", "policy_editor", "auditor"])
def test_nobody_else_enters_changes_or_voids_one(company, request, who):
    by, talent = request.getfixturevalue(who), TalentFactory(company=company)
    for act in (
        lambda: enter(company, by),
        lambda: enter(None, by, employed_from=None),
        lambda: change(talent, by),
        lambda: services.void_talent(talent=talent, reason="a", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"grade": "F"}, "grade"),
        ({"name": " "}, "name"),
        ({"code": ""}, "code"),
        ({"employed_until": dt.date(2026, 1, 4)}, "employed_until"),
        ({"company": None}, None),
    ],
)
def test_a_malformed_talent_is_refused(company, officer, said, field):
    with pytest.raises(Incomplete) as refused:
        enter(company, officer, **said)
    assert field is None or field in refused.value.fields


def test_only_officers_enter_a_talent_without_a_company(alice, officer):
    with pytest.raises(NotAllowed):
        enter(None, alice, employed_from=None)
    enter(None, officer, employed_from=None)
    assert told() == []


def test_a_talent_moves_by_an_officer_and_both_companies_are_told(company, other_company, alice, mallory, officer):
    talent = enter(company, alice)
    for by in (alice, mallory):
        with pytest.raises(NotAllowed):
            change(talent, by, company=other_company)
    OutboxEvent.objects.all().delete()
    change(talent, officer, company=other_company)
    assert sorted(payload["company"] for _topic, _key, payload in told()) == ["A-001", "B-001"]


def test_a_founder_enters_the_last_day_of_an_employment(company, bob):
    assert change(enter(company, bob), bob, employed_until=UNTIL).employed_until == UNTIL


def test_a_void_talent_stays_on_record_and_takes_no_more_changes(company, alice):
    talent = enter(company, alice)
    services.void_talent(talent=talent, reason="entered twice", by=alice)
    with pytest.raises(Conflict, match="T-1 was declared void: entered twice"):
        change(talent, alice)
    assert Talent.objects.get().void_reason == "entered twice"


def test_staff_see_all_talents_and_founders_those_of_their_companies(company, other_company, alice, mallory, auditor):
    own, foreign = TalentFactory(company=company), TalentFactory(company=other_company)
    free = TalentFactory(company=None, employment=None)
    assert set(Talent.objects.visible_to(alice)) == {own}
    assert set(Talent.objects.visible_to(mallory)) == {foreign}
    assert set(Talent.objects.visible_to(auditor)) == {own, foreign, free}


@pytest.mark.parametrize(("day", "employed"), [(FROM, True), (UNTIL, True), (dt.date(2026, 7, 5), False)])
def test_an_employment_holds_on_both_of_its_days(company, day, employed):
    TalentFactory(company=company, employment=period(FROM, UNTIL))
    TalentFactory(company=company, employment=period(None, UNTIL))
    TalentFactory(company=company, employment=period(FROM, None), voided=True)
    assert Talent.objects.employed_on(day).count() == employed
