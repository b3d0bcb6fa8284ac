"""The portal's own settings, as it is served to the browser of the tests: compressed and hashed static files, but
collected into a folder of the test run's, and passwords that are cheap to check."""

import os
from pathlib import Path

from zone_portal.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["PORTAL_TEST_STATIC"])
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
