"""The one template of all tables: sorted, turned and stacked on any page, by nothing but its own id."""

import datetime as dt
from decimal import Decimal
from typing import Any

import django_tables2 as tables
import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django_tables2 import RequestConfig

from core.periods import period
from core.tables import MoneyColumn, PeriodColumn, PickColumn, PillColumn, PortalTable


class Units(PortalTable):
    region = "units"
    caption = "Units"

    pick = PickColumn()
    name = tables.Column()
    state = PillColumn({"let": "good"})
    term = PeriodColumn()
    rent = MoneyColumn()


def rows(count: int) -> list[dict[str, Any]]:
    term = period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return [{"pk": n, "name": f"U{n}", "state": "let", "term": term, "rent": Decimal(n)} for n in range(1, count + 1)]


def rendered(count: int, query: str = "", prefix: str = "") -> str:
    request = RequestFactory().get(f"/units/?{query}")
    table = Units(rows(count), prefix=prefix)
    RequestConfig(request, paginate={"per_page": 10}).configure(table)
    page = Template("{% load django_tables2 %}{% render_table table %}")
    return page.render(Context({"table": table, "request": request}))


def test_links_replace_this_tables_region_and_no_other() -> None:
    html = rendered(25)
    assert '<div class="zp-table-region" id="units">' in html
    assert 'hx-get="/units/?sort=name" hx-target="#units" hx-select="#units"' in html


def test_two_tables_of_a_kind_differ_by_their_prefix() -> None:
    assert 'id="old-units"' in rendered(1, prefix="old-")


def test_sorting_keeps_the_filter_and_goes_back_to_the_first_page() -> None:
    html = rendered(25, "q=helio&page=2")
    assert 'href="?q=helio&amp;sort=name"' in html


def test_turning_keeps_filter_and_order() -> None:
    html = rendered(25, "q=helio&sort=-rent")
    assert 'href="?q=helio&amp;sort=-rent&amp;page=2"' in html
    assert 'aria-sort="descending"' in html


@pytest.mark.parametrize(("count", "pages"), [(10, False), (11, True)])
def test_pages_are_offered_from_the_second_on(count: int, pages: bool) -> None:
    assert ("zp-pages" in rendered(count)) is pages


def test_the_foot_counts_with_separators_and_the_links_without() -> None:
    html = rendered(12_345, "page=1100")
    assert "10,991 to 11,000 of 12,345" in html
    assert 'href="?page=1101"' in html


def test_an_empty_table_says_so_and_offers_a_way_out_of_a_filter() -> None:
    assert "Nothing here yet" in rendered(0)
    assert "Clear the filters" not in rendered(0)
    assert 'href="/units/"' in rendered(0, "q=nothing")


def test_cells_carry_the_name_of_their_column_for_a_phone() -> None:
    html = rendered(1)
    assert 'data-label="Name" data-title' in html
    assert 'data-label="Rent"' in html


def test_columns_write_money_periods_and_states_as_every_page_does() -> None:
    html = rendered(1)
    assert "¥1.00" in html
    assert "2026-12-31" in html
    assert "zp-pill-good" in html


def test_exports_get_the_plain_values_and_no_boxes() -> None:
    exported = list(Units(rows(1)).as_values())
    assert exported == [["Name", "State", "Term", "Rent"], ["U1", "let", "2026-01-01/2026-12-31", Decimal(1)]]
