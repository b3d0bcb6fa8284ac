"""A zone to be shaken: tables, a policy, companies with leases, and what must come out when nothing goes wrong.

`python -m tests.faults.prepare FOLDER` fills the servers that the environment names, and writes to FOLDER what the
rules say in this one process: decisions.parquet (company_id, point, outcome, amount, fingerprint).
"""

import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from tests.faults.zone import COMPANIES, DAY, FIRST_ID, ID_STEP, LEASES, MEMBER, WORKSPACE

django.setup()

from accounts.models import User  # noqa: E402 - models want the settings
from companies.choices import MemberRole  # noqa: E402
from companies.models import Company, Membership  # noqa: E402
from subsidies import policy  # noqa: E402
from subsidies.bulk.decided import decisions  # noqa: E402
from subsidies.gather.facts import gather  # noqa: E402
from subsidies.gather.selection import LAST, id_range  # noqa: E402
from subsidies.rules.pack import DEFAULT_PACK  # noqa: E402


def main(folder: Path) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_policy", str(DEFAULT_PACK), publish=True)
    with connection.cursor() as cursor:
        # Ids lie as far apart as in a large register, so that workers on two shards do not wait for the same lock.
        cursor.execute(
            f"ALTER TABLE companies_company ALTER COLUMN id SET INCREMENT BY {ID_STEP} RESTART WITH {FIRST_ID}"
        )
    call_command("make_files", str(folder), companies=COMPANIES, leases=LEASES, today=DAY)
    for kind in ("companies", "relations", "units", "leases"):
        call_command("import_data", kind, str(folder / f"{kind}.csv"))
    owner = User.objects.create_user(email=MEMBER)
    Membership.objects.create(company=Company.objects.get(code=WORKSPACE), user=owner, role=MemberRole.OWNER)
    write_decisions(folder / "decisions.parquet")


def write_decisions(path: Path) -> None:
    timeline = policy.published_timeline()
    found = decisions(gather(id_range(0, LAST), timeline, DAY), timeline.deciding(DAY), DAY)
    found.select("company_id", "point", "outcome", "amount", "fingerprint").write_parquet(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
