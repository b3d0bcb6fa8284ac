"""The condition that all eight points share: the policy is in force, the company is registered and has actually
settled.
"""

from subsidies.rules.criteria import Is
from subsidies.rules.operands import TODAY, InForceFrom
from subsidies.rules.text import gettext_noop as _

GATE = (
    Is("policy_in_force", InForceFrom(), "<=", TODAY, label=_("The policy is in force"), cure="time"),
    Is("registered", "registered", "==", True, label=_("Registered in the zone"), own=True),
    Is("settled", "settled", "==", True, label=_("Settled in the zone and operating"), own=True),
)
