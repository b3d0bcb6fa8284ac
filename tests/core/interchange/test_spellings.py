"""What can mean one thing only is read, and nothing else."""

import datetime as dt

import pytest

from core.interchange import spellings


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015/3/1", "2015-03-01"),
        ("2015.03.01", "2015-03-01"),
        ("2015-3-1", "2015-03-01"),
        ("2015年3月1日", "2015-03-01"),
        ("2015 年 3 月 1 号", "2015-03-01"),
        ("20150301", "2015-03-01"),
        ("2015-03-01 00:00:00", "2015-03-01"),
        ("2015-03-01T00:00:00Z", "2015-03-01"),
        ("1 Mar 2015", "2015-03-01"),
        ("1-Mar-2015", "2015-03-01"),
        ("Sept. 9, 2015", "2015-09-09"),
        ("March 1 2015", "2015-03-01"),
        ("２０１５－０３－０１", "2015-03-01"),
        ("\u200b2015/3/1\ufeff", "2015-03-01"),
        ("42064", "2015-03-01"),
        ("20000", "1954-10-03"),
        ("79999", "2119-01-10"),
        # May be either of two days, or none
        ("3/4/2015", None),
        ("13/4/2015", None),
        ("01.03.2015", None),
        ("15/3/1", None),
        ("2015-03/01", None),
        ("2015/2/29", None),
        ("2015-13-01", None),
        ("2015-03-01 08:30:00", None),
        ("1 Mrz 2015", None),
        ("19999", None),
        ("80000", None),
        ("2015", None),
        ("2015年3月", None),
        ("about 2015", None),
    ],
)
def test_a_day(text, day):
    assert spellings.day(text) == day


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2015", (dt.date(2015, 1, 1), dt.date(2015, 12, 31))),
        ("２０１５年", (dt.date(2015, 1, 1), dt.date(2015, 12, 31))),
        ("2015年12月", (dt.date(2015, 12, 1), dt.date(2015, 12, 31))),
        ("2016/2", (dt.date(2016, 2, 1), dt.date(2016, 2, 29))),
        ("2015-02", (dt.date(2015, 2, 1), dt.date(2015, 2, 28))),
        ("2015-13", None),
        ("0000", None),
        ("2015-03-01", None),
        ("", None),
    ],
)
def test_a_year_or_a_month_is_a_span_of_days(text, span):
    assert spellings.span(text) == span


@pytest.mark.parametrize(
    ("text", "number", "currencies"),
    [
        ("US$ 1.2M", "1200000", {"USD"}),
        ("20 million USD", "20000000", {"USD"}),
        ("1.2亿美元", "120000000", {"USD"}),
        ("US$5 美元", "5", {"USD"}),
        ("3,000万元", "30000000", {"CNY"}),
        ("RMB 1.5亿", "150000000", {"CNY"}),
        ("人民币500万", "5000000", {"CNY"}),
        ("2千万", "20000000", set()),
        ("0.5万", "5000", set()),
        ("1.234567M", "1234567", set()),
        ("350K", "350000", set()),
        ("HK$1.5bn", "1500000000", {"HKD"}),
        ("１，２３４．５０", "1234.50", set()),
        ("-3万", "-30000", set()),
        ("￥3000", "3000", {"CNY", "JPY"}),
        ("$5M", "5000000", {"USD", "HKD", "TWD", "SGD", "AUD", "CAD"}),
    ],
)
def test_an_amount_and_the_currencies_that_it_may_be_in(text, number, currencies):
    assert spellings.amount(text, 2) == spellings.Amount(number, frozenset(currencies))


@pytest.mark.parametrize(
    "text",
    [
        "USD 5 RMB",
        "约5000万",
        "数千万",
        "三千万",
        "1亿2000万",
        "5-10M",
        ">1B",
        "1,5",
        "1,50,000",
        "1.234 Mio.",
        "5 XYZ",
        "M",
        "",
    ],
)
def test_what_is_no_one_amount(text):
    assert spellings.amount(text, 2) is None


def test_an_amount_keeps_the_decimals_that_no_unit_brought():
    assert spellings.amount("1.500", 2).number == "1.500"  # refused by the column: a thousand and a half in Germany


@pytest.mark.parametrize(
    ("text", "places", "number"),
    [
        ("1,234.5", 4, "1234.5"),
        ("1,234,567", 4, "1234567"),
        ("1,234", 2, "1234"),
        ("1,234", 4, None),
        ("+5", 2, "5"),
        ("-1,000", 0, "-1000"),
        ("1.5万", 2, None),
        ("12,34", 2, None),
    ],
)
def test_a_number(text, places, number):
    assert spellings.number(text, places) == number


@pytest.mark.parametrize(
    ("text", "whole"), [("1,200", "1200"), ("85.0", "85"), ("８５", "85"), ("85.5", "85.5"), ("x", None)]
)
def test_a_whole_number(text, whole):
    assert spellings.whole(text) == whole


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rmb", "CNY"),
        ("人民币", "CNY"),
        ("美元", "USD"),
        ("US$", "USD"),
        ("usd", "USD"),
        ("€", "EUR"),
        ("$", None),
        ("¥", None),
    ],
)
def test_a_currency(text, code):
    assert spellings.currency(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("China", "CN"), ("中国", "CN"), ("Deutschland", "DE"), ("cn", "CN"), ("United States", "US"), ("USA", "US"),
        ("Namibia", "NA"), ("Atlantis", None),
    ],
)  # fmt: skip
def test_a_country(text, code):
    assert spellings.country(text) == code


def test_nothing_and_nobody_knows_are_two_things():
    assert all(spellings.is_blank(text, unknown=False) for text in ("-", "—", "N/A", "#N/A", "无"))
    assert all(
        spellings.is_blank(text) and not spellings.is_blank(text, unknown=False) for text in ("未披露", "Unknown")
    )
    assert not any(map(spellings.is_blank, ("NA", "0", "no", "none of them")))


@pytest.mark.parametrize(
    ("text", "word"),
    [("Yes", "yes"), ("是", "yes"), ("TRUE", "yes"), ("否", "no"), ("N", "no"), ("1", None), ("maybe", None)],
)
def test_yes_and_no(text, word):
    assert spellings.yes_or_no(text) == word
