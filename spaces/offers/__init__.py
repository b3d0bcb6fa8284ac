"""Pages of offers of leases: the list, one offer with what can be done with it, and the form of a new one."""
