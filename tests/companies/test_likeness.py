"""Pairs of the register that may be one company: how alike they are, why, and what a person says of them."""

import datetime as dt
from typing import Any

import pytest

from companies.likeness import ENOUGH
from companies.models import Company, Distinction, Likeness
from companies.services import likeness, merges, register
from core import outbox, runs
from core.errors import Conflict, NotAllowed
from core.models import RunState
from tests.companies.conftest import USCC
from tests.factories import TODAY, MembershipFactory, UserFactory

OTHER_USCC = "91330106MA2CFGYT1E"


@pytest.fixture
def enter(officer):
    def company(code: str, name: str, **more: Any) -> Company:
        return register.create_company(by=officer, on=TODAY, code=code, name=name, **more)

    return company


def found() -> dict[tuple[str, str], int]:
    return {(one.one.code, one.other.code): one.score for one in Likeness.objects.select_related("one", "other")}


def searched() -> dict[tuple[str, str], int]:
    run = likeness.request_search()
    runs.execute(run)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.error
    return found()


def signs() -> dict[str, int]:
    return Likeness.objects.get().signs


def test_the_same_name_but_for_the_legal_form(enter):
    enter("A", "Xingyun Robotics")
    enter("B", "Xingyun Robotics Co., Ltd.")
    assert searched() == {("A", "B"): 60}
    assert signs() == {"same_name": 60}


def test_a_similar_name_counts_by_what_the_two_share(enter):
    enter("A", "Xingyun Robotics")
    enter("B", "Xingyun Robotic")
    enter("C", "Bamboo Media")
    score = searched()[("A", "B")]
    assert ENOUGH <= score < 60
    assert list(signs()) == ["similar_name"]


def test_names_in_both_scripts_and_across_them(enter):
    enter("A", "Xing Yun Ji Qi Ren", website="https://a.example/")
    enter("B", "Starcloud", name_zh="星云机器人有限公司")
    enter("C", "Starcloud", name_zh="杭州星云机器人")
    pairs = searched()
    assert pairs == {("A", "B"): 55, ("A", "C"): 55, ("B", "C"): 70}
    across = Likeness.objects.get(one__code="A", other__code="B")
    assert across.signs == {"across_scripts": 55}


def test_a_website_is_enough_unless_many_share_it(enter):
    for number in range(2):
        enter(f"A{number}", f"Alpha{number * 7}", website="https://www.one.example/about")
    for number in range(5):
        enter(
            f"B{number}",
            "Bravo Charlie Delta Echo Foxtrot"[number * 6 :][:5] + str(number),
            website="https://many.example/",
        )
    assert searched() == {("A0", "A1"): 40}


def test_people_and_their_mail_domains_add_to_it(enter):
    one, other = enter("A", "Alpha", website="https://one.example/"), enter("B", "Beta", website="https://one.example/")
    MembershipFactory(company=one, user=(both := UserFactory(email="li@mail.example")))
    MembershipFactory(company=other, user=both)
    assert searched() == {("A", "B"): 75}
    assert signs() == {"same_website": 40, "same_person": 25, "same_mail": 10}


def test_a_person_alone_is_not_enough(enter):
    """Founders have several companies."""
    both = UserFactory()
    for code, name in (("A", "Alpha"), ("B", "Beta")):
        MembershipFactory(company=enter(code, name), user=both)
    assert searched() == {}


def test_the_day_of_founding_adds_and_another_credit_code_takes_away(enter):
    day = dt.date(2024, 5, 6)
    enter("A", "Lingxi", founded_on=day, uscc=USCC)
    enter("B", "Lingxi Ltd", founded_on=day)
    enter("C", "Lingxi GmbH", uscc=OTHER_USCC)
    assert searched() == {("A", "B"): 70, ("B", "C"): 60}


def test_a_change_is_followed_company_by_company(enter, officer):
    one, other = enter("A", "Lingxi"), enter("B", "Lingxi Ltd")
    outbox.drain("likeness")
    assert found() == {("A", "B"): 60}
    register.change_company(company=other, values={"name": "Bamboo"}, by=officer, on=TODAY)
    outbox.drain("likeness")
    assert found() == {}
    assert one.pk < other.pk


def test_a_search_gives_the_same_as_following_each_change_and_twice_the_same(enter):
    for code, name in (("A", "Lingxi"), ("B", "Lingxi Ltd"), ("C", "Lingxi Audio"), ("D", "Lingxi Audios")):
        enter(code, name)
    outbox.drain("likeness")
    followed = found()
    assert followed
    assert searched() == followed
    assert searched() == followed


def test_what_was_told_apart_is_kept_with_who_and_not_proposed_again(enter, officer):
    one, other = enter("A", "Lingxi"), enter("B", "Lingxi Ltd")
    searched()
    told = likeness.tell_apart(one=other, other=one, reason="Father and son", by=officer)
    assert (told.one, told.other, told.by, told.reason) == (one, other, officer, "Father and son")
    assert told.at is not None
    searched()
    assert Likeness.objects.count() == 1
    assert not Likeness.objects.to_be_judged().exists()
    with pytest.raises(Conflict, match="already"):
        likeness.tell_apart(one=one, other=other, by=officer)


def test_what_was_told_apart_in_error_is_taken_back_and_both_are_kept(enter, officer):
    one, other = enter("A", "Lingxi"), enter("B", "Lingxi Ltd")
    searched()
    told = likeness.tell_apart(one=one, other=other, by=officer)
    likeness.take_back(distinction=told, by=officer)
    assert Likeness.objects.to_be_judged().count() == 1
    history = Distinction._meta.get_field("events").related_model.objects.order_by("pgh_id")
    assert list(history.values_list("pgh_label", "by")) == [("insert", officer.pk), ("delete", officer.pk)]


def test_a_merged_pair_is_not_proposed(enter, officer):
    one, other = enter("A", "Lingxi"), enter("B", "Lingxi Ltd")
    searched()
    merges.merge_companies(merged=other, survivor=one, reason="one", by=officer)
    assert not Likeness.objects.to_be_judged().exists()
    assert searched() == {}


def test_only_officers_tell_apart_and_nobody_his_own(enter, officer, approver):
    one, other = enter("A", "Lingxi"), enter("B", "Lingxi Ltd")
    MembershipFactory(company=one, user=officer)
    for person in (approver, officer):
        with pytest.raises(NotAllowed):
            likeness.tell_apart(one=one, other=other, by=person)
    assert not Distinction.objects.exists()


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_page_shows_pairs_with_their_reasons_and_tells_apart(enter, officer, signed_in):
    enter("A", "Lingxi")
    enter("B", "Lingxi Ltd")
    searched()
    client = signed_in(officer)
    page = client.get("/company-doubles/").content.decode()
    assert "same name (+60)" in page
    assert "/companies/B/merge/?into=A" in page
    after = client.post("/company-doubles/A/B/apart/", {"reason": "two doors"}, follow=True).content.decode()
    assert "A and B are two companies." in after
    assert "two doors" in after
    assert "same name" not in after


def test_a_merge_is_previewed_and_done_on_its_page(enter, officer, signed_in):
    enter("A", "Lingxi")
    enter("B", "Lingxi Ltd", industry="audio")
    client = signed_in(officer)
    page = client.get("/companies/B/merge/?into=A").content.decode()
    assert "takes over what it does not have" in page
    assert client.post("/companies/B/merge/", {"survivor": "A", "reason": ""}).status_code == 200
    done = client.post("/companies/B/merge/", {"survivor": "A", "reason": "one door"}, follow=True).content.decode()
    assert "one door" in done
    assert Company.objects.get(code="B").merged_into.code == "A"
    assert "Archived: merged into another company" in client.get("/companies/B/").content.decode()
    assert "Merged into it" in client.get("/companies/A/").content.decode()
    assert "/companies/B/" not in client.get("/companies/").content.decode()
    assert "/companies/B/" in client.get("/companies/?standing=archived").content.decode()
    assert "B " not in client.get("/company-form/offer/?company=Lingxi").content.decode()


def test_a_file_that_names_a_merged_company_is_told_where_it_went(enter, officer, refusals):
    enter("A", "Lingxi")
    merges.merge_companies(
        merged=enter("B", "Lingxi Ltd"), survivor=Company.objects.get(code="A"), reason="1", by=officer
    )
    assert refusals("reports", "company,period_end,months\nB,2026-03-31,3\n") == [
        (2, "company", "B", "was merged: write A")
    ]
