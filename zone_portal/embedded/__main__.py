"""`python -m zone_portal.embedded demo` serves the demo zone; `stop` ends servers that a killed process left behind;
`reset` also forgets what they hold."""

import argparse
import os
import shutil
import sys

from zone_portal.embedded.demo import run_demo
from zone_portal.embedded.errors import EmbeddedError
from zone_portal.embedded.progress import say
from zone_portal.embedded.sharing import InUseError, Servers


def main() -> int:
    """Parse the command line and run one of the two; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m zone_portal.embedded", description=__doc__)
    parser.add_argument("command", choices=("demo", "stop", "reset"))
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"), help="default: PORT, or 8000")
    options = parser.parse_args()
    try:
        if options.command == "demo":
            return run_demo(options.port)
        return _stop(forget=options.command == "reset")
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _stop(*, forget: bool) -> int:
    """Join and leave: whoever leaves last stops the servers."""
    servers = Servers.for_checkout()
    try:
        servers.join(alone=True)
    except InUseError:
        raise EmbeddedError("Another process uses the servers: end it first.") from None
    servers.leave()
    if forget:
        shutil.rmtree(servers.layout.base)
    say("The servers are stopped, and what they held is gone." if forget else "The servers are stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
