"""The files of the register, of relations and of reports: declared here for the commands and pages that move files."""

from companies.interchange import register, reports

__all__ = ["register", "reports"]
