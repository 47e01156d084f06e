"""Services under load and faults, for trials."""
