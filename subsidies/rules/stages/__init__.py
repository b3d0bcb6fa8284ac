"""The four stages of growth: their criteria by the same engine as the points, what they rest on, and what move the
evidence speaks for. Registered here in the order of growth."""

from subsidies.rules.points.point import Registry
from subsidies.rules.stages.criteria import CHICK, GROWING, NESTLING, UNICORN

STAGES = Registry((NESTLING, CHICK, GROWING, UNICORN))
RANKS = {code: rank for rank, code in enumerate(STAGES)}

__all__ = ["RANKS", "STAGES"]
