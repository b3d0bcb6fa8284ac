"""Parameters: what is unknown or malformed is refused by name; pages end; answers hold what was asked for."""

import base64
import datetime as dt
import json
from decimal import Decimal
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from django.utils import timezone

from companies.models import Company
from core.periods import period
from subsidies.models import Decision
from tests.factories import (
    IN_FORCE_FROM,
    BudgetFactory,
    CompanyFactory,
    DecisionFactory,
    DeskMembershipFactory,
    ExpenseFactory,
    GrantFactory,
    InterestLineFactory,
    LeaseFactory,
    PolicyVersionFactory,
    ProjectFactory,
    RentLineFactory,
    RentStatementFactory,
    RepaymentFactory,
    ReportFactory,
    SupplierFactory,
    TalentFactory,
    some_published_version,
)

COMPANIES, LEASES = "/api/v1/companies/", "/api/v1/leases/"
DECISIONS, STATEMENTS = "/api/v1/decisions/", "/api/v1/rent-statements/"
POLICY = "/api/v1/policy-versions/"
INTEREST = "/api/v1/interest-statements/"
REPORTS, PROJECTS, LOANS = "/api/v1/reports/", "/api/v1/projects/", "/api/v1/loans/"
TALENTS, SUPPLIERS, EXPENSES = "/api/v1/talents/", "/api/v1/suppliers/", "/api/v1/expenses/"
REPAYMENTS = "/api/v1/repayments/"
GRANTS, BUDGETS = "/api/v1/grants/", "/api/v1/budgets/"
DESKS = "/api/v1/desk-memberships/"
# An address, what fills it, and the queries that its list takes.
FILLED = {
    COMPANIES: (CompanyFactory, 3),
    LEASES: (LeaseFactory, 3),
    DECISIONS: (DecisionFactory, 3),
    STATEMENTS: (RentLineFactory, 5),
    INTEREST: (InterestLineFactory, 5),
    REPORTS: (ReportFactory, 4),
    PROJECTS: (ProjectFactory, 3),
    LOANS: (RepaymentFactory, 4),
    REPAYMENTS: (RepaymentFactory, 3),
    TALENTS: (TalentFactory, 3),
    SUPPLIERS: (SupplierFactory, 3),
    EXPENSES: (ExpenseFactory, 3),
    POLICY: (PolicyVersionFactory, 4),
    GRANTS: (GrantFactory, 5),
    BUDGETS: (BudgetFactory, 3),
    DESKS: (DeskMembershipFactory, 3),
}
LISTS = list(FILLED)


def fill(factory, size: int) -> None:
    """So many rows; of versions of the policy published ones, as the others are nobody's business."""
    if factory is not PolicyVersionFactory:
        factory.create_batch(size)
        return
    for day in (IN_FORCE_FROM + dt.timedelta(days=100 * size + number) for number in range(size)):
        factory(effective_from=day, published=True, parameters={"lpr_1y": "3"})


def codes(response, name="code"):
    assert response.status_code == 200, response.content
    return [row[name] for row in response.json()["results"]]


def pages(client, address):
    """All rows, page by page, until there is no next one."""
    rows, seen = [], set()
    while address:
        assert address not in seen
        seen.add(address)
        body = client.get(address).json()
        rows += body["results"]
        address = body["next"]
    return rows


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("parameter", ["knd", "page", "format", "company_id", "code__contains", "pk"])
def test_an_unknown_parameter_is_refused_by_name_with_the_known_ones(machine, address, parameter):
    response = machine().get(address, {parameter: "1"})
    body = response.json()
    assert (response.status_code, body["code"]) == (400, "unknown_parameter")
    assert body["errors"][0]["name"] == parameter
    assert "ordering" in body["detail"]


def test_a_slip_of_the_pen_is_recognised(machine):
    assert "Did you mean kind?" in machine().get(COMPANIES, {"knd": "team"}).json()["detail"]


@pytest.mark.parametrize(
    ("address", "parameter", "value"),
    [
        (COMPANIES, "kind", "firm"), (COMPANIES, "stage", "egg"), (COMPANIES, "on", "2026-2-1"),
        (COMPANIES, "on", "2026-02-30"), (COMPANIES, "on", "02/01/2026"), (COMPANIES, "on", ""),
        (COMPANIES, "on", "٢٠٢٦-٠١-٠١"), (COMPANIES, "fields", "code,id"), (COMPANIES, "fields", ""),
        (COMPANIES, "limit", "0"), (COMPANIES, "limit", "1001"), (COMPANIES, "limit", "-1"),
        (COMPANIES, "limit", "ten"),
        (COMPANIES, "limit", "1.0"), (COMPANIES, "ordering", "pk"), (COMPANIES, "ordering", "--code"),
        (COMPANIES, "ordering", "code,name"), (COMPANIES, "code", "a\x00b"),
        (LEASES, "voided", "yes"), (LEASES, "voided", "True"), (LEASES, "on", "today"),
        (DECISIONS, "point", "rent"), (DECISIONS, "outcome", "yes"), (DECISIONS, "on", "9999-12-31x"),
        (STATEMENTS, "month", "2026-13"), (STATEMENTS, "month", "2026-01-01"), (STATEMENTS, "month_to", "2026"),
        (STATEMENTS, "state", "paid"), (POLICY, "on", "2026"), (POLICY, "ordering", "version"),
        (STATEMENTS, "state", "100%s"),
        (LEASES, "voided", "%s"), (LEASES, "on", "%d 5%"), (STATEMENTS, "month", "%(month)s"),
        (REPORTS, "months", "6"), (REPORTS, "verified", "1"), (PROJECTS, "kind", "small"), (PROJECTS, "scored", "no"),
        (REPAYMENTS, "paid_from", "now"), (REPAYMENTS, "voided", "1"),
        (LOANS, "on", "now"), (TALENTS, "grade", "F"), (EXPENSES, "point", "rent"), (EXPENSES, "kind", "lunch"),
        (SUPPLIERS, "on", "2026"), (GRANTS, "point", "rent_waiver"), (GRANTS, "year", "2026.5"),
        (BUDGETS, "year", "this"),
    ],
)  # fmt: skip
def test_a_malformed_value_is_refused_by_name(machine, address, parameter, value):
    response = machine().get(address, {parameter: value})
    assert response.status_code == 400
    assert response.json()["errors"][0]["name"] == parameter


def test_a_parameter_given_twice_is_refused(machine):
    assert machine().get(f"{COMPANIES}?kind=team&kind=company").status_code == 400


def test_a_single_row_knows_only_its_fields(machine, company):
    assert machine().get(f"{COMPANIES}{company.code}/", {"kind": "team"}).status_code == 400
    assert machine().get(f"{COMPANIES}{company.code}/", {"fields": "code"}).json() == {"code": company.code}


@pytest.mark.parametrize("limit", [1, 1000])
def test_a_page_has_from_one_to_a_thousand_rows(machine, company, other_company, limit):
    assert len(codes(machine().get(COMPANIES, {"limit": limit}))) == min(limit, 2)


@pytest.mark.parametrize("ordering", ["decided_at", "-decided_at", "entered", "-entered", "company", "-company"])
def test_pages_end_although_all_timestamps_are_equal(machine, ordering):
    version, company = some_published_version(), CompanyFactory()
    moment = timezone.now()
    points = ["settlement", "rent_waiver", "talent", "leading_project", "angel_fund", "loan_interest", "activities"]
    made = [DecisionFactory(company=company, version=version, point=point, decided_at=moment) for point in points]
    rows = pages(machine(), f"{DECISIONS}?limit=2&ordering={ordering}")
    expected = points if not ordering.startswith("-") else points[::-1]
    assert [row["point"] for row in rows] == expected
    assert len({row["id"] for row in rows}) == len(made)


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [("founded_on", ["b", "c", "a", "d", "e"]), ("-founded_on", ["a", "c", "b", "e", "d"])],
)
def test_unknown_days_come_last_in_both_directions_and_across_pages(machine, ordering, expected):
    for code, day in {"a": 3, "b": 1, "c": 2, "d": None, "e": None}.items():
        CompanyFactory(code=code, founded_on=day and dt.date(2020, 1, day))
    assert [row["code"] for row in pages(machine(), f"{COMPANIES}?limit=1&ordering={ordering}")] == expected


def test_the_next_address_keeps_the_filters_and_is_encoded(machine):
    for number in range(3):
        CompanyFactory(industry="音频 & Ton", code=f"X{number}")
    CompanyFactory(industry="other")
    client = machine()
    address = f"{COMPANIES}?{urlencode({'industry': '音频 & Ton', 'limit': 2})}"
    following = client.get(address).json()["next"]
    query = parse_qs(urlsplit(following).query)
    assert following.isascii()
    assert (query["industry"], query["limit"]) == (["音频 & Ton"], ["2"])
    assert codes(client.get(following)) == ["X2"]


def test_rows_entered_while_reading_neither_repeat_nor_hide_others(machine):
    for code in ["b", "d", "f"]:
        CompanyFactory(code=code)
    client = machine()
    first = client.get(COMPANIES, {"limit": 2}).json()
    CompanyFactory(code="a")
    CompanyFactory(code="e")
    assert [row["code"] for row in pages(client, first["next"])] == ["e", "f"]


def cursor_of(*content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "%%%", "ü", cursor_of("code"), cursor_of("name", "a", 1), cursor_of("code", {"a": 1}, 1),
        cursor_of("code", "a", "1"), cursor_of("code", "a", True), cursor_of("code", "a", 2**63),
        cursor_of("code", "a\x00", 1), cursor_of("code", [1], 1), base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)  # fmt: skip
def test_a_cursor_that_we_did_not_make_is_refused(machine, cursor):
    response = machine().get(COMPANIES, {"cursor": cursor})
    assert response.status_code == 400
    assert response.json()["errors"][0]["name"] == "cursor"


def test_a_cursor_of_a_day_must_hold_a_day(machine):
    cursor = cursor_of("founded_on", "soon", 1)
    assert machine().get(COMPANIES, {"ordering": "founded_on", "cursor": cursor}).status_code == 400


# --- What the lists hold -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "found"),
    [("2025-12-31", []), ("2026-01-01", ["a"]), ("2026-03-31", ["a"]), ("2026-04-01", [])],
)
def test_registered_on_a_day_counts_both_ends_and_leaves_out_the_unknown(machine, day, found):
    CompanyFactory(code="a", registration=period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)))
    CompanyFactory(code="b", registration=None)
    CompanyFactory(code="c", registration=period(None, dt.date(2030, 1, 1)))
    assert codes(machine().get(COMPANIES, {"on": day})) == found


@pytest.mark.parametrize(
    ("day", "found"), [("2026-01-31", []), ("2026-02-01", ["L1"]), ("2026-02-28", ["L1"]), ("2026-03-01", [])]
)
def test_in_force_on_a_day_counts_both_ends_and_no_void_lease(machine, day, found):
    term = period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    LeaseFactory(number="L1", term=term)
    LeaseFactory(number="L2", term=term, voided=True)
    assert codes(machine().get(LEASES, {"on": day}), "lease") == found


def test_void_leases_are_told_apart(machine):
    LeaseFactory(number="L1")
    LeaseFactory(number="L2", voided=True)
    client = machine()
    assert codes(client.get(LEASES), "lease") == ["L1", "L2"]
    assert codes(client.get(LEASES, {"voided": "true"}), "lease") == ["L2"]
    assert codes(client.get(LEASES, {"voided": "false"}), "lease") == ["L1"]


def test_search_finds_both_scripts(machine, company, other_company):
    client = machine()
    assert codes(client.get(COMPANIES, {"search": "灵犀"})) == codes(client.get(COMPANIES, {"search": "lingxi"}))
    assert codes(client.get(COMPANIES, {"search": "lingxi"})) == [company.code]


def test_decisions_are_those_that_stand_unless_a_day_is_named(machine, company):
    version = some_published_version()
    change = timezone.make_aware(dt.datetime(2026, 5, 10, 0, 0))  # noqa: DTZ001 - the zone's own midnight
    before = DecisionFactory(
        company=company, version=version, decided_at=change - dt.timedelta(days=3), superseded_at=change
    )
    after = DecisionFactory(company=company, version=version, decided_at=change)
    client = machine()
    assert codes(client.get(DECISIONS), "id") == [str(fresh(after))]
    assert codes(client.get(DECISIONS, {"on": "2026-05-06"}), "id") == []
    assert codes(client.get(DECISIONS, {"on": "2026-05-07"}), "id") == [str(fresh(before))]
    assert codes(client.get(DECISIONS, {"on": "2026-05-09"}), "id") == [str(fresh(before))]
    assert codes(client.get(DECISIONS, {"on": "2026-05-10"}), "id") == [str(fresh(after))]


def fresh(decision):
    return Decision.objects.get(pk=decision.pk).public_id


def test_statements_of_months_count_both_ends(machine):
    for month in (4, 5, 6):
        RentStatementFactory(month=dt.date(2026, month, 1))
    client = machine()
    assert codes(client.get(STATEMENTS, {"month": "2026-05"}), "month") == ["2026-05"]
    between = {"month_from": "2026-04", "month_to": "2026-05"}
    assert codes(client.get(STATEMENTS, between), "month") == ["2026-04", "2026-05"]


def test_a_company_is_shown_with_strings_days_and_nulls(machine):
    CompanyFactory(
        code="T-1", name="Team One", kind="team", registration=period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        operation=None,
    )  # fmt: skip
    body = machine().get(f"{COMPANIES}T-1/").json()
    updated = body.pop("updated_at")
    assert dt.datetime.fromisoformat(updated).tzinfo is not None
    assert body == {
        "code": "T-1", "name": "Team One", "name_zh": None, "uscc": None, "kind": "team", "industry": None,
        "founded_on": None, "registered_on": "2026-01-01", "deregistered_on": "2026-03-31", "operating_from": None,
        "operating_until": None, "stage": None, "listed": None, "bad_credit": None, "country": None, "website": None,
        "merged_into": None,
    }  # fmt: skip


@pytest.mark.parametrize("number", ["L-1", "合同 7/2026", "a?b#c%d", "x.json"])
def test_a_lease_is_found_by_its_number_whatever_it_holds(machine, number):
    lease = LeaseFactory(number=number, area_m2=Decimal("80.50"), price_per_m2_day=Decimal("3.2000"))

    body = machine().get(f"{LEASES}{quote(number, safe='')}/").json()
    assert (body["lease"], body["area_m2"], body["price_per_m2_day"]) == (number, "80.50", "3.2000")
    assert (body["company"], body["first_day"], body["last_day"]) == (lease.company.code, "2025-09-25", None)


def test_a_statement_is_shown_with_its_lines(machine):
    statement = RentStatementFactory(waived=Decimal("10000.10"), rent=Decimal("10850.00"))
    RentLineFactory(statement=statement, lease__number="L9", rent=Decimal("10850.00"), waived=Decimal("10000.10"))
    (body,) = machine().get(STATEMENTS).json()["results"]
    assert (body["rent"], body["waived"], body["adjustment"], body["payable"]) == (
        "10850.00", "10000.10", "0.00", "849.90",
    )  # fmt: skip
    assert body["lines"] == [
        {"lease": "L9", "days": 31, "waived_days": 31, "rent": "10850.00", "waived": "10000.10", "payable": "849.90",
         "missing": [], "segments": []},
    ]  # fmt: skip
    assert machine().get(f"{STATEMENTS}{body['id']}/").json() == body


def test_no_answer_holds_an_internal_id(machine):
    client = machine()
    for address, (factory, _queries) in FILLED.items():
        factory()
        for row in client.get(address).json()["results"]:
            assert "pk" not in row
            assert not isinstance(row.get("id"), int)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_queries_for_one_row_and_for_twenty(machine, address, django_assert_num_queries):
    client = machine()
    client.get(address)  # the key's use is noted, once a minute
    factory, expected = FILLED[address]
    for size in (1, 19):
        fill(factory, size)
        with django_assert_num_queries(expected):
            assert client.get(address).status_code == 200


# --- Answers -----------------------------------------------------------------------------------------------------


def test_an_answer_that_the_client_has_is_not_sent_again(machine, company):
    client = machine()
    first = client.get(COMPANIES)
    again = client.get(COMPANIES, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "RateLimit" in again
    Company.objects.update(name="Renamed")
    assert client.get(COMPANIES, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_is_read_only(machine, method):
    response = getattr(machine(), method)(COMPANIES)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in response["Allow"]
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/",
        "/api/v1/nothing/",
        "/api/v2/companies/",
        f"{COMPANIES}NOBODY/",
        f"{COMPANIES}a%0Ab/",
        f"{COMPANIES}%0A",
    ],
)
def test_what_does_not_exist_is_a_problem_too(machine, address):
    response = machine().get(address)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response["Content-Type"] == "application/problem+json"


def test_an_address_without_its_last_slash_is_led_on(machine):
    response = machine().get("/api/v1/companies?kind=team")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/companies/?kind=team")


def test_other_formats_are_not_acceptable(machine):
    response = machine().get(COMPANIES, HTTP_ACCEPT="application/xml")
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_a_failure_of_ours_shows_nothing_but_its_id(machine, monkeypatch):
    client = machine()
    client.raise_request_exception = False
    monkeypatch.setattr("companies.api.views.CompanyViewSet.get_queryset", lambda self: 1 / 0)
    response = client.get(COMPANIES)
    body = response.json()
    assert (response.status_code, body["code"]) == (500, "internal_error")
    assert "division" not in response.content.decode()
    assert response["X-Request-ID"] in body["detail"]
