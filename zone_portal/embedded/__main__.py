"""`python -m zone_portal.embedded demo` serves the demo zone; `stop` ends servers that a killed process left behind."""

import argparse
import os
import sys

from zone_portal.embedded.demo import run_demo, say
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.sharing import Servers


def main() -> int:
    """Parse the command line and run one of the two; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zone_portal.embedded", description=__doc__)
    parser.add_argument("command", choices=("demo", "stop"))
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"), help="default: PORT, or 8000")
    options = parser.parse_args()
    try:
        return run_demo(options.port) if options.command == "demo" else _stop()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _stop() -> int:
    """Join and leave: whoever leaves last stops the servers."""
    servers = Servers.for_checkout()
    servers.join()
    say("Stopped." if servers.leave() else "Left running: another process uses the servers.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
