"""Number words, and rules for numbers without a unit."""
