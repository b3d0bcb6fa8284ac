"""Support packages and what was given of them, as machines read them."""

import datetime as dt

from core.periods import period
from tests.factories import TODAY, CampusFactory, CompanyFactory, DeliveryFactory, SupportPackageFactory

PACKAGES, DELIVERIES = "/api/v1/support-packages/", "/api/v1/deliveries/"


def rows(client, address, **parameters):
    response = client.get(address, parameters)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_a_package_is_shown_with_its_items_and_both_days(machine):
    over = SupportPackageFactory(
        valid=period(dt.date(2025, 1, 1), dt.date(2025, 9, 24)), campus=CampusFactory(code="sq")
    )
    SupportPackageFactory(
        items=[
            {"code": "waiver", "kind": "point", "point": "rent_waiver", "amount": None, "unit": "", "name": "Waiver"}
        ]
    )
    client = machine("support:read")
    (shown,) = rows(client, PACKAGES, campus="sq")
    assert (shown["id"], shown["since"], shown["until"]) == (str(over.public_id), "2025-01-01", "2025-09-24")
    assert shown["items"] == [
        {
            "code": "mentoring", "kind": "mentoring", "amount": "20.00", "unit": "hours", "per": "year", "point": None,
            "name": "Mentoring", "name_zh": "", "name_de": "",
        }
    ]  # fmt: skip
    (current,) = rows(client, PACKAGES, on=str(TODAY))
    assert (current["campus"], current["until"], current["items"][0]["amount"]) == (None, None, None)
    assert current["items"][0]["point"] == "rent_waiver"
    assert client.get(f"{PACKAGES}{over.public_id}/").json() == shown
    assert client.get(PACKAGES, {"stage": "egg"}).status_code == 400


def test_what_was_given_is_shown_with_what_is_void(machine, company):
    DeliveryFactory(company=company, amount="1.50")
    DeliveryFactory(company=CompanyFactory(stage="chick"), voided=True, given_on=TODAY)
    client = machine("support:read")
    (shown,) = rows(client, DELIVERIES, company="A-001", support="mentoring", given_to="2026-06-01")
    assert (shown["amount"], shown["unit"], shown["given_by"], shown["voided_at"]) == (
        "1.50",
        "hours",
        "Chen Mei",
        None,
    )
    (void,) = rows(client, DELIVERIES, voided="true")
    assert void["void_reason"] == "entered in error"
    assert client.get(f"{DELIVERIES}{shown['id']}/").json() == shown
