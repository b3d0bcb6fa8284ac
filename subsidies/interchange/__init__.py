"""The files of costs and suppliers, and those of what was decided and billed: declared here for commands and pages."""

from subsidies.interchange import expenses, outcomes, suppliers

__all__ = ["expenses", "outcomes", "suppliers"]
