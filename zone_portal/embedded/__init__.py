"""Real PostgreSQL and real Valkey out of wheels, for a machine that has neither: trial, development, tests.

They listen on Unix sockets only, run without rights, and are started or joined on demand (`environment`). Production
sets DATABASE_URL and REDIS_URL, and nothing here runs. Why it is built this way: docs/adr/0002.
"""

from zone_portal.embedded.addresses import environment
from zone_portal.embedded.errors import EmbeddedError

__all__ = ["EmbeddedError", "environment"]
