"""Talents, the support that companies receive, their contacts and checklists, and cohorts."""

from community.models.checklists import ChecklistEntry, ChecklistTick
from community.models.cohorts import Cohort, CohortMember
from community.models.contacts import Contact
from community.models.deliveries import Delivery
from community.models.packages import SupportItem, SupportPackage
from community.models.talents import Talent

__all__ = [
    "ChecklistEntry", "ChecklistTick", "Cohort", "CohortMember", "Contact", "Delivery", "SupportItem",
    "SupportPackage", "Talent",
]  # fmt: skip
