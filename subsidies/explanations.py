"""A stored decision as the rules explain it: by the facts that it kept, with the version that decided it."""

import datetime as dt
from typing import Any

from subsidies import policy
from subsidies.models import Decision
from subsidies.rules.explain import Explanation, explain
from subsidies.rules.facts import FACTS, Fact, seen_by
from subsidies.rules.points import POINTS


def explained(decision: Decision) -> Explanation:
    """Nothing is decided anew. The decision comes with its version's parameters. Raises the errors of the rules."""
    parameters = policy.parameter_set(decision.version)
    return explain(POINTS[decision.point], facts_of(decision), parameters, decision.decided_for)


def facts_of(decision: Decision) -> dict[str, Any]:
    """The facts that the decision kept, in the types of the rules; one that it did not know is None."""
    names = seen_by(POINTS[decision.point].facts)
    return {name: typed(FACTS[name], decision.facts.get(name)) for name in names}


def typed(fact: Fact, value: Any) -> Any:
    """A fact as JSON keeps it, in the type of the rules."""
    is_day = isinstance(value, str) and str(fact.dtype) == "Date"
    return dt.date.fromisoformat(value) if is_day else value
