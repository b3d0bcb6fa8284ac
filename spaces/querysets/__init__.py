"""How places, leases, desks, rooms and bookings are read, and by whom."""
