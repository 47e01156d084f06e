"""Operating-system facts and calls that no Python library offers."""
