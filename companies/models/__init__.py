"""The register of companies, the people in them, their reports, and their applications."""

from companies.models.applications import Application, ApplicationPerson, CodeCounter, TimelineEntry
from companies.models.checks import OfficialCheck
from companies.models.evidence import Evidence, JumpLimits
from companies.models.exits import ExitInterview
from companies.models.invitations import Invitation
from companies.models.merges import Distinction, Likeness, Merge
from companies.models.questions import Answer, Question, Wording
from companies.models.register import DERIVED, Company, Membership, Relation, StageChange
from companies.models.reports import Report
from companies.models.schedule import ReportDuty, ReportExcuse, ReportingRule

__all__ = [
    "DERIVED",
    "Answer",
    "Application",
    "ApplicationPerson",
    "CodeCounter",
    "Company",
    "Distinction",
    "Evidence",
    "ExitInterview",
    "Invitation",
    "JumpLimits",
    "Likeness",
    "Membership",
    "Merge",
    "OfficialCheck",
    "Question",
    "Relation",
    "Report",
    "ReportDuty",
    "ReportExcuse",
    "ReportingRule",
    "StageChange",
    "TimelineEntry",
    "Wording",
]
