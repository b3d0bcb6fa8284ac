"""An application with answers that may be sent."""

import datetime as dt
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from companies.models import Application
from companies.services import applications
from tests.factories import UserFactory

ON = dt.date(2026, 6, 15)
USCC = "91110000600037341L"
ANSWERS: dict[str, dict[str, str]] = {
    "kind": {"kind": "company"},
    "identity": {
        "name": "Xingyun Robotics",
        "name_zh": "杭州星云机器人有限公司",
        "uscc": USCC,
        "founded_on": "2025-01-10",
        "registered_on": "2026-05-01",
        "country": "CN",
        "website": "https://xingyun.example/",
    },
    "people": {"contact": "Li Na", "phone": "+86 571 8888 0000", "founders": "Li Na, robots", "team_size": "4"},
    "building": {"industry": "robotics", "field": "ai", "summary": "Robots that sort parcels for small warehouses."},
    "space": {"want": "office", "area_m2": "80", "wanted_from": "2026-09-01"},
}
TEAM_ANSWERS = {
    **ANSWERS,
    "kind": {"kind": "team"},
    "identity": {"name": "Bamboo", "name_zh": "竹林", "country": "", "website": ""},
}


def verified(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def founder(db) -> User:
    return verified(UserFactory(email="founder@example.org", name="Li Na"))


@pytest.fixture
def make_application(founder: User):
    def make(answers: dict[str, Any] = ANSWERS, *, by: User = founder, sent: bool = False) -> Application:
        application = applications.start_application(kind=answers["kind"]["kind"], by=by)
        for step, typed in answers.items():
            application = applications.save_answers(application=application, step=step, typed=typed, by=by)
        if sent:
            application = applications.submit_application(application=application, by=by, on=ON)
        return application

    return make


@pytest.fixture
def draft(make_application) -> Application:
    return make_application()


@pytest.fixture
def sent(make_application) -> Application:
    return make_application(sent=True)
