"""HTTP routes: one file a resource; each endpoint translates to one call."""
