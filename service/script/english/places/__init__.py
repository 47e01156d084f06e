"""Rules for addresses, coordinates and datelines."""
