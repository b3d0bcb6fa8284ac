"""How the lists of places, leases, desks, rooms and bookings are narrowed down."""
