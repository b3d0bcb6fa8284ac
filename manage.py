#!/usr/bin/env python
"""Django's commands, on the servers that DATABASE_URL and REDIS_URL name, or on the embedded ones."""

import os
import sys

from django.core.management import execute_from_command_line

from zone_portal.embedded import EmbeddedError, environment


def main() -> None:
    """Run one command; the embedded servers are joined, or started for as long as it runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zone_portal.settings")
    try:
        with environment():
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
