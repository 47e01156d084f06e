"""Rules for money, measures and units."""
