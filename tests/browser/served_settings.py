"""The portal's own settings, as it is served to the browser of the tests: compressed and hashed static files, but
collected into a folder of the test run's, and the cheap passwords of the suite's people besides real ones."""

import os
from pathlib import Path

from django.conf.global_settings import PASSWORD_HASHERS as REAL_HASHERS

from zone_portal.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["PORTAL_TEST_STATIC"])
PASSWORD_HASHERS = [*REAL_HASHERS, "django.contrib.auth.hashers.MD5PasswordHasher"]
