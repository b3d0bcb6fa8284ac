"""What people do at a portal: a founder sends a form, somebody has a company decided.

`python -m tests.faults.acting` does both and prints as JSON: status (of the answer to the form), seconds (of all) and
nudged (whether the broker took a message).
"""

import json
import sys
import time

import django
from django.test import Client
from django.urls import reverse

from tests.faults.zone import DAY, DECIDED_ALONE, MEMBER, WORKSPACE

django.setup()

from accounts.models import User  # noqa: E402 - models want the settings
from core import tasks  # noqa: E402
from subsidies.services import assessments  # noqa: E402


def main() -> None:
    founder = Client()
    founder.force_login(User.objects.get(email=MEMBER))
    form = reverse("workspace:profile", args=[WORKSPACE])
    began = time.monotonic()
    site = {"name_zh": "", "website": f"https://founder.example/{time.time_ns()}"}
    answer = founder.post(form, site)
    assessments.request_assessment(on=DAY, company=DECIDED_ALONE)
    nudged = tasks.nudge(tasks.sweep_outbox)
    told = {"status": answer.status_code, "seconds": time.monotonic() - began, "nudged": nudged}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
