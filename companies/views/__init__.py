"""Pages of the register, of applications on both sides, and of a company's workspace."""
