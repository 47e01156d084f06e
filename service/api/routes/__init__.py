"""HTTP routes, one file per resource; an endpoint translates to one call."""
