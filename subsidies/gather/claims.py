"""Which costs, contracts, talents and projects of a company are in a grant already, and in whose: what a decision that
leaves them out does not say by itself. Two queries, whatever their number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from companies.models import Company
from subsidies.choices import POINTS_OF_COSTS_OF_THE_YEAR
from subsidies.models import Grant
from subsidies.models.references import APART

# A contract is known as in `gather.items`. A supplement holds nothing of its own: its grant does.
HELD = """
    SELECT cost.point, cost.paid_on, 'expense', cost.number, '', item.grant_id
    FROM subsidies_expense cost JOIN subsidies_grantitem item
        ON item.expense_id = cost.id AND item.held AND NOT item.supplement
    WHERE cost.company_id = %(company)s AND cost.voided_at IS NULL
    UNION ALL
    SELECT cost.point, cost.paid_on, 'contract', cost.number, cost.contract, claim.grant_id
    FROM subsidies_expense cost JOIN subsidies_grantedcontract claim ON claim.held
        AND claim.reference = cost.reference AND (claim.supplier_id = cost.supplier_id
            OR ((claim.company_id = cost.company_id OR claim.company_id IN (
                SELECT id FROM companies_company WHERE merged_into_id = cost.company_id
            )) AND (claim.supplier_id IS NULL OR cost.supplier_id IS NULL)))
        AND NOT {apart}
    WHERE cost.company_id = %(company)s AND cost.voided_at IS NULL AND NOT EXISTS (
        SELECT FROM subsidies_grantitem item WHERE item.expense_id = cost.id AND item.held
    )
    UNION ALL
    SELECT 'talent', NULL, 'talent', talent.code, '', item.grant_id
    FROM community_talent talent JOIN subsidies_grantitem item
        ON item.talent_id = talent.id AND item.held AND NOT item.supplement
    WHERE talent.company_id = %(company)s AND talent.voided_at IS NULL
    UNION ALL
    SELECT CASE project.kind WHEN 'leading' THEN 'leading_project' ELSE 'angel_fund' END, NULL, 'project', project.code,
           '', item.grant_id
    FROM funding_project project JOIN subsidies_grantitem item
        ON item.project_id = project.id AND item.held AND NOT item.supplement
    WHERE project.company_id = %(company)s AND project.voided_at IS NULL
    ORDER BY 4, 6
"""


@dataclass(frozen=True)
class Claim:
    """A thing that is in a grant: `kind` is expense, contract (that the cost `item` names), talent or project.

    `grant` is None where another company has it, whose affairs are nobody else's. `paid_on` is a cost's.
    """

    point: str
    paid_on: dt.date | None
    kind: str
    item: str
    contract: str
    grant: Grant | None

    def matters(self, on: dt.date) -> bool:
        """Whether a decision as of the day would look at it: of the yearly points the costs of that year."""
        if self.paid_on is None:
            return True
        return self.paid_on <= on and (self.point not in POINTS_OF_COSTS_OF_THE_YEAR or self.paid_on.year == on.year)


def claims(company: Company) -> Mapping[str, list[Claim]]:
    """Point -> what the company put forward for it and is in a grant that is proposed, approved or paid."""
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(apart=APART.format(claim="claim", cost="cost")), {"company": company.pk})
        rows = cursor.fetchall()
    own = Grant.objects.filter(Q(company=company) | Q(company__merged_into=company)).in_bulk({row[-1] for row in rows})
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for point, paid_on, kind, item, contract, grant in rows:
        found[point].append(Claim(point, paid_on, kind, item, contract, own.get(grant)))
    return found
