"""HTTP routes: one file per resource; each endpoint translates to one call."""
