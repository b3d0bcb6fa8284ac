"""Who stays: how long companies stay in the zone, by Kaplan and Meier, and the pages that show it."""
