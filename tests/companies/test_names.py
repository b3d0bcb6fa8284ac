"""Keys for sorting, search and finding doubles."""

import pytest

from companies.names import derived_columns, match_key, website_host


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xingyun Robotics Co., Ltd.", "XINGYUN ROBOTICS"),
        ("Müller GmbH", "Muller"),
        ("杭州星云机器人有限公司", "星云机器人"),
        ("星云机器人有限责任公司", "星云机器人"),
        ("Ｘｉｎｇｙｕｎ　Ｌｔｄ", "xingyun"),
    ],
)
def test_legal_form_seat_width_and_case_do_not_tell_names_apart(one, other):
    assert match_key(one) == match_key(other)


def test_chinese_becomes_pinyin_so_that_homophones_meet():
    assert match_key("星云") == "xing yun"


def test_a_name_of_nothing_but_legal_words_keeps_them():
    assert match_key("The Company") == "the company"


def test_no_name_has_no_key():
    assert match_key("") == ""


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.Example.com/a?b", "example.com"),
        ("example.com", "example.com"),
        ("http://sub.example.com:8080", "sub.example.com"),
        ("", ""),
    ],
)
def test_the_host_of_a_website(website, host):
    assert website_host(website) == host


def test_search_text_holds_both_names_the_code_and_the_credit_code():
    text = derived_columns(code="A-1", name="Nova", name_zh="星云", uscc="91110000600037341L", website="")[
        "search_text"
    ]
    assert {"nova", "星云", "a", "1", "91110000600037341l"} <= set(text.split())
