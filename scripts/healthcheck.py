"""Asks the web server in this container how it is: `python -m scripts.healthcheck` exits 0 when it can serve.

The question is put as the proxy would put it, with a host name that is allowed and as HTTPS, so that a redirect or a
refused host does not hide a database that is away.
"""

import http.client
import os
import sys

PATH = "/health/"


def main(address: str = "127.0.0.1", port: int = 8000) -> int:
    """The exit code: 0 for an answer below 400, else 1 with the reason on standard error."""
    host = os.environ.get("DJANGO_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    connection = http.client.HTTPConnection(address, port, timeout=8)
    try:
        connection.request("GET", PATH, headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except OSError as error:
        print(f"The web server does not answer: {error}", file=sys.stderr)
        return 1
    finally:
        connection.close()
    if status >= 400:
        print(f"{PATH} answers {status}.", file=sys.stderr)
    return 0 if status < 400 else 1


if __name__ == "__main__":
    sys.exit(main())
