"""The register of companies, the people in them, and their applications."""

from companies.models.applications import Application, ApplicationPerson, CodeCounter, TimelineEntry
from companies.models.invitations import Invitation
from companies.models.register import DERIVED, Company, Membership, Relation, StageChange

__all__ = [
    "DERIVED",
    "Application",
    "ApplicationPerson",
    "CodeCounter",
    "Company",
    "Invitation",
    "Membership",
    "Relation",
    "StageChange",
    "TimelineEntry",
]
