"""Pages on which a draft of the policy is tried out, simulated, and two simulations are compared."""
