"""Acts on talents, on the support that companies receive, and on cohorts."""

from community.services.talents import change_talent, enter_talent, void_talent

__all__ = ["change_talent", "enter_talent", "void_talent"]
