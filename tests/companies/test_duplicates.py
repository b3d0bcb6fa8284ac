"""Companies that may be the same one."""

import pytest

from companies.duplicates import SAME_CODE, SAME_NAME, SAME_WEBSITE, SIMILAR_NAME, find_duplicates
from companies.services import register
from tests.companies.conftest import ON, USCC

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(officer):
    return register.create_company(
        by=officer, on=ON, code="X-1", name="Xingyun Robotics Co., Ltd.", name_zh="杭州星云机器人有限公司", uscc=USCC,
        website="https://www.xingyun.example/",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ({"uscc": USCC.lower()}, SAME_CODE),
        ({"website": "http://xingyun.example/about"}, SAME_WEBSITE),
        ({"name": "XINGYUN ROBOTICS LIMITED"}, SAME_NAME),
        ({"name_zh": "星云机器人有限责任公司"}, SAME_NAME),
        ({"name": "星云机器人"}, SAME_NAME),
        ({"name": "Xing Yun Ji Qi Ren"}, SAME_NAME),
        ({"name": "Xingyun Robotic"}, SIMILAR_NAME),
        ({"name_zh": "星云机器人科技"}, SIMILAR_NAME),
    ],
)
def test_each_sign_finds_it(known, typed, sign):
    (found,) = find_duplicates(**typed)
    assert found.company == known
    assert found.signs[0] == sign


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Xingyun Media"},
        {"name": "Robotics"},
        {"name_zh": "星河文化"},
        {"name_zh": "机器"},
        {"name_zh": "人器机云星"},
        {"uscc": "5" + USCC[1:]},
        {"website": "https://other.example"},
        {},
    ],
)
def test_what_merely_sounds_alike_is_left_alone(known, typed):
    assert find_duplicates(**typed) == []


def test_a_company_is_no_double_of_itself(known):
    assert find_duplicates(name=known.name, uscc=known.uscc, other_than=known) == []


def test_the_strongest_sign_stands_first_and_one_query_finds_all(known, officer, django_assert_num_queries):
    other = register.create_company(by=officer, on=ON, code="X-2", name="Bamboo", website="https://xingyun.example/")
    with django_assert_num_queries(4):  # savepoint, threshold, companies, release
        found = find_duplicates(name="Xingyun Robotics", uscc=USCC, website="https://xingyun.example")
    assert [duplicate.company for duplicate in found] == [known, other]
    assert found[0].signs == (SAME_CODE, SAME_NAME, SAME_WEBSITE)
