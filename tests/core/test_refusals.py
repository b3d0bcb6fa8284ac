"""A refusal that no form shows is a page of its status, with the reason; a mistake of ours is none."""

import pytest
from django.urls import reverse

from accounts import services
from core.errors import Conflict, DomainError, Incomplete, NotAllowed
from tests.factories import ApiKeyFactory


@pytest.fixture
def refused(treasurer, signed_in, monkeypatch):
    """The answer to an act whose service raises the error."""

    def act(error: Exception, **headers):
        def refuse(**_arguments):
            raise error

        monkeypatch.setattr(services, "revoke_key", refuse)
        address = reverse("accounts:key_revoke", args=[ApiKeyFactory().public_id])
        return signed_in(treasurer).post(address, headers=headers)

    return act


@pytest.mark.parametrize(("error", "status"), [(Conflict("It changed."), 409), (Incomplete("It lacks a day."), 400)])
def test_the_page_has_the_status_the_reason_and_the_request_s_id(refused, error: DomainError, status: int):
    response = refused(error, **{"X-Request-ID": "0123456789abcdef"})
    page = response.content.decode()
    assert response.status_code == status
    assert str(error) in page
    assert f"Error {status}" in page
    assert "0123456789abcdef" in page


def test_the_reason_is_escaped(refused):
    assert "&lt;b&gt;Acme&lt;/b&gt;" in refused(Conflict("<b>Acme</b> did it.")).content.decode()


def test_what_somebody_may_not_do_is_the_page_of_403(refused):
    response = refused(NotAllowed("Treasurers do that."))
    assert response.status_code == 403
    assert "403.html" in [template.name for template in response.templates]


def test_a_mistake_of_ours_is_no_refusal(refused):
    with pytest.raises(ZeroDivisionError):
        refused(ZeroDivisionError())
