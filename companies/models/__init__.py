"""The register of companies, the people in them, and their applications."""

from companies.models.applications import Application, ApplicationPerson, TimelineEntry
from companies.models.register import Company, Membership, Relation, StageChange

__all__ = [
    "Application",
    "ApplicationPerson",
    "Company",
    "Membership",
    "Relation",
    "StageChange",
    "TimelineEntry",
]
