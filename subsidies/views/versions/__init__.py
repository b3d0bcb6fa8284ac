"""Versions of the policy: reading and comparing them, editing drafts, and the acts that lead to a publication."""
