"""What is missing for which point: who sees it, who can tell, and the way to where it is told."""

import pytest
from django.urls import reverse

from companies.models import Company
from subsidies.choices import Outcome
from subsidies.gather.selection import chosen
from subsidies.models import Decision, PolicyVersion
from subsidies.rules.facts import FACTS
from subsidies.services import assessments
from subsidies.views.missing import FORMS
from tests.factories import ProjectFactory
from tests.subsidies.conftest import ON, let

FRAGMENT = {"HX-Request": "true"}


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


@pytest.fixture
def unknown(policy: PolicyVersion, company: Company) -> Company:
    """Alice's company, which has a lease; whether it operates nobody knows, so that points cannot be decided."""
    let(company, number="L-1")
    company.operation = None
    company.save()
    ProjectFactory(company=company, score=None, scored_on=None)  # for the panel to tell
    assessments.assess(chosen([company.pk]), on=ON)
    assert undecided().exists()
    return company


def undecided():
    return Decision.objects.in_force().filter(outcome=Outcome.UNKNOWN)


def lacks(client, code: str):
    return client.get(reverse("subsidies:missing", args=[code])).context["lacks"]


def test_each_point_that_is_not_decided_tells_what_the_company_and_what_others_can_tell(unknown, alice, signed_in):
    found = lacks(signed_in(alice), "A-001")
    assert len(found) == undecided().count()
    assert all("Operating since" in lack.own for lack in found)
    assert any(lack.others for lack in found)


def test_a_way_to_a_form_is_offered_where_such_a_form_can_tell_it(unknown, alice, signed_in):
    told = {str(fact.label) for fact in FACTS.values() if fact.app in ("funding", "community", "subsidies")}
    for lack in lacks(signed_in(alice), "A-001"):
        assert not lack.url or told.intersection(lack.own)
        if lack.url:
            assert signed_in(alice).get(lack.url).status_code == 200


@pytest.mark.parametrize("actor", ["carol", "auditor"])
def test_who_may_enter_nothing_is_offered_no_form(request, actor, unknown, signed_in):
    assert {lack.url for lack in lacks(signed_in(request.getfixturevalue(actor)), "A-001")} == {""}


def test_every_form_of_a_point_is_there(company, alice, signed_in):
    for route in set(FORMS.values()):
        assert signed_in(alice).get(reverse(route, args=["A-001"])).status_code == 200


def test_it_is_a_part_of_the_page_of_facts(unknown, alice, signed_in):
    url = reverse("subsidies:missing", args=["A-001"])
    page = shown(signed_in(alice).get(reverse("workspace:facts", args=["A-001"])))
    assert f'hx-get="{url}"' in page
    assert "<html" not in shown(signed_in(alice).get(url, headers=FRAGMENT))


def test_before_anything_was_decided_it_says_so(company, alice, signed_in):
    assert "Nothing was decided yet" in shown(signed_in(alice).get(reverse("subsidies:missing", args=["A-001"])))
