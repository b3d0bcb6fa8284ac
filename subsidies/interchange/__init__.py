"""The files of costs, suppliers and payments, and those of what was decided and billed: declared here for commands and
pages."""

from subsidies.interchange import expenses, outcomes, payments, stages, suppliers

__all__ = ["expenses", "outcomes", "payments", "stages", "suppliers"]
