"""Who may do what: API keys, access levels of routes, signed addresses."""
