"""`manage.py check --deploy` names what would only be noticed when it is too late."""

import pytest
from django.core.checks import run_checks

FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture(autouse=True)
def _production(settings):
    """A portal that is configured as it should be."""
    settings.SECRET_KEY = "x9" * 30
    settings.DEMO, settings.DEBUG, settings.HTTPS = False, False, True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def found(*, deploy: bool = True) -> set[str]:
    checked = run_checks(tags=["security"], include_deployment_checks=deploy)
    return {str(message.id) for message in checked if str(message.id).startswith("portal.")}


def test_every_command_starts_without_a_warning():
    """Django prints what it finds at the head of each `manage.py` command."""
    assert [message for message in run_checks() if not message.is_silenced()] == []


def test_a_configured_portal_has_none():
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "only-for-trial-and-tests-" + "0" * 40, "portal.E002"),
        ("EMAIL_BACKEND", FILES, "portal.W001"),
    ],
)
def test_a_trial_s_setting_is_named_before_it_serves_real_people_and_not_while_trying_out(
    settings, name, value, expected
):
    setattr(settings, name, value)
    assert found() == {expected}
    assert found(deploy=False) == set()


@pytest.mark.parametrize(("https", "expected"), [(True, {"portal.E001", "portal.E003"}), (False, {"portal.E003"})])
def test_a_demo_is_never_deployed(settings, https, expected):
    settings.DEMO, settings.HTTPS = True, https
    assert found() == expected
    assert found(deploy=False) == expected - {"portal.E003"}
