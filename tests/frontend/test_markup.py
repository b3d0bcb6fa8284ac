"""What people read: money, shares, periods and names in two scripts."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from core import markup
from core.periods import period
from core.templatetags import ui

COMPANY = SimpleNamespace(name="Nebula Robotics", name_zh="星云机器人")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.5"), "¥1,234.50"),
        (Decimal("-0.01"), "−¥0.01"),
        (0, "¥0.00"),
        (Decimal(50000000), "¥50,000,000.00"),
        (None, "–"),
    ],
)
def test_money_has_both_fen_and_thousands(amount: Decimal | None, text: str) -> None:
    assert markup.money(amount) == text


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError):
        markup.money(1.5)  # type: ignore[arg-type]


def test_round_sums_leave_the_fen_out_and_others_keep_them() -> None:
    assert markup.whole_money(Decimal("2000000.00")) == "¥2,000,000"
    assert markup.whole_money(Decimal("2000000.10")) == "¥2,000,000.10"


COUNTS = [("en", "1,234,567"), ("zh-hans", "1,234,567"), ("de", "1.234.567")]


@pytest.mark.parametrize(("language", "text"), COUNTS)
def test_a_count_is_written_as_the_language_writes_it(language: str, text: str) -> None:
    page = Template("{{ n|count }} {% widthratio n 1 1 %} {{ n }}")
    with translation.override(language):
        assert page.render(Context({"n": 1_234_567})) == f"{text} 1234567 1234567"
        assert str(markup.count(0)) == "0"


@pytest.mark.parametrize(("n", "text"), [(1, "1 row"), (12_345, "12,345 rows"), (0, "0 rows")])
def test_a_count_chooses_the_plural_and_is_written_in_it(n: int, text: str) -> None:
    text_of_page = "{% blocktrans count n=n|count %}{{ n }} row{% plural %}{{ n }} rows{% endblocktrans %}"
    page = Template("{% load i18n %}" + text_of_page)
    assert page.render(Context({"n": n})) == text


def test_what_is_no_whole_number_is_no_count() -> None:
    assert [markup.count(value) for value in ("", None, True, Decimal("1.5"))] == ["", None, True, Decimal("1.5")]
    assert markup.count(12_345) == 12_345


@pytest.mark.parametrize(("language", "text"), [("en", "50%"), ("zh-hans", "50%"), ("de", "50\u202f%")])
def test_a_share_is_written_as_the_language_writes_it(language: str, text: str) -> None:
    with translation.override(language):
        assert markup.percent(Decimal("0.5000")) == text


@pytest.mark.parametrize(("share", "text"), [("1", "100%"), ("0.125", "12.5%"), ("0", "0%")])
def test_a_share_keeps_its_digits_and_no_others(share: str, text: str) -> None:
    assert markup.percent(Decimal(share)) == text


@pytest.mark.parametrize(("language", "unit"), [("en", "M"), ("zh-hans", "万"), ("de", "Mio")])
def test_an_axis_counts_in_the_units_of_its_reader(language: str, unit: str) -> None:
    with translation.override(language):
        assert unit in markup.short_money(1_200_000)


def test_a_period_shows_both_days_included() -> None:
    text = ui.period(period(dt.date(2025, 9, 25), dt.date(2028, 9, 24)))
    assert "2025-09-25" in text
    assert "2028-09-24" in text
    assert "2028-09-25" not in text


def test_an_open_period_says_since_and_an_unknown_beginning_says_until() -> None:
    assert ui.period(period(dt.date(2025, 9, 25), None)).startswith("since ")
    assert ui.period(period(None, dt.date(2025, 9, 25))).startswith("until ")
    assert ui.period(None) == "–"


def test_a_chinese_reader_sees_the_chinese_name_first_and_it_is_marked_as_chinese() -> None:
    with translation.override("zh-hans"):
        assert markup.local_name(COMPANY) == '<span lang="zh-Hans">星云机器人</span>'
        assert "Nebula Robotics" in markup.other_name(COMPANY)


def test_other_readers_see_the_latin_name_first() -> None:
    assert "Nebula Robotics" in markup.local_name(COMPANY)
    assert markup.other_name(COMPANY) == '<span lang="zh-Hans">星云机器人</span>'


def test_a_thing_with_one_name_has_no_other() -> None:
    assert markup.other_name(SimpleNamespace(name="Orion", name_zh="")) == ""
    assert "星云" in markup.local_name(SimpleNamespace(name="", name_zh="星云"))


def test_names_are_escaped() -> None:
    assert "<b>" not in markup.local_name(SimpleNamespace(name="<b>bold</b>", name_zh=""))


def test_an_icon_is_decoration_unless_it_has_words() -> None:
    assert 'aria-hidden="true"' in markup.icon("check")
    spoken = markup.icon("check", label='met & "done"')
    assert 'role="img"' in spoken
    assert "met &amp; &quot;done&quot;" in spoken


def test_every_template_has_the_tags_without_loading_them() -> None:
    text = Template("{% pill 'in force' 'good' %}{{ amount|money }}").render(Context({"amount": Decimal(1)}))
    assert text == '<span class="zp-pill zp-pill-good">in force</span>¥1.00'


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (dt.timedelta(0), "less than a minute"),
        (dt.timedelta(seconds=59), "less than a minute"),
        (dt.timedelta(minutes=1), "1 minute"),
        (dt.timedelta(minutes=59, seconds=59), "59 minutes"),
        (dt.timedelta(hours=1), "1 hour"),
        (dt.timedelta(hours=23, minutes=59), "23 hours"),
        (dt.timedelta(days=1), "1 day"),
        (dt.timedelta(days=9, hours=23), "9 days"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(span: dt.timedelta, text: str) -> None:
    assert markup.duration(span) == text


@pytest.mark.parametrize(("language", "text"), [("en", "a, b"), ("de", "a, b"), ("zh-hans", "a、b")])
def test_a_list_has_the_comma_of_its_language(language: str, text: str) -> None:
    with translation.override(language):
        assert markup.listed(["a", "b"]) == text


def test_a_chinese_page_groups_the_digits_of_an_area_as_it_does_those_of_money() -> None:
    with translation.override("zh-hans"):
        assert Template("{{ area|number:2 }}").render(Context({"area": Decimal("45708.5")})) == "45,708.50"
