"""What the rules refuse. Each error names the thing that is wrong, so that a person can mend it."""

from datetime import date
from pathlib import Path


class RuleError(Exception):
    """A run of the rules is refused; nothing was decided."""


class MissingParameter(RuleError):
    """A rule asked for a parameter that the policy version does not hold (or not yet on that day)."""

    def __init__(self, name: str, on: date | None = None) -> None:
        self.name, self.on = name, on
        super().__init__(f"parameter {name} has no value" + (f" on {on}" if on else ""))


class BadParameter(RuleError):
    """A parameter holds a value that it cannot have."""

    def __init__(self, name: str, problem: str) -> None:
        self.name, self.problem = name, problem
        super().__init__(f"parameter {name}: {problem}")


class BadFacts(RuleError):
    """The frame of facts lacks a column, or holds a wrong type or an impossible value."""


class BadLeases(RuleError):
    """A lease cannot be billed: its numbers are outside the bounds, or its company is not in the frame."""


class BadLoans(RuleError):
    """A loan cannot be supported: its numbers or its repayments are impossible, or its company is not in the frame."""


class BadTimeline(RuleError):
    """The versions of a policy contradict each other."""


class PackError(RuleError):
    """A policy pack is refused. `line` and `column` count from 1 and are 0 where no place can be named."""

    def __init__(self, problem: str, *, file: str | Path = "", line: int = 0, column: int = 0) -> None:
        self.problem, self.file, self.line, self.column = problem, str(file), line, column
        place = ":".join(str(part) for part in (file, line, column) if part)
        super().__init__(f"{place}: {problem}" if place else problem)
