"""The tables of the places, their leases and their desks."""

from spaces.tables.places import ComingFreeTable, LeaseTable, PlanTable, UnitTable, plan_url, state_of

__all__ = ["ComingFreeTable", "LeaseTable", "PlanTable", "UnitTable", "plan_url", "state_of"]
