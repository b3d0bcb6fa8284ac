"""Acts on grants, by what is done: `proposing`, `supplementing`, `deciding`, `paying`.

Each is atomic, takes keywords only, names who acts in `by`, locks the company before the grant, and tells of itself in
the outbox as `grant.changed`. NotAllowed, Incomplete and Conflict say why it was refused; then nothing has changed.
"""

from subsidies.services.grants.deciding import approve_grant, refuse_grant, revoke_grant
from subsidies.services.grants.paying import pay_grant
from subsidies.services.grants.proposing import propose_grants, propose_late, withdraw_grant
from subsidies.services.grants.supplementing import propose_supplement

__all__ = [
    "approve_grant",
    "pay_grant",
    "propose_grants",
    "propose_late",
    "propose_supplement",
    "refuse_grant",
    "revoke_grant",
    "withdraw_grant",
]
