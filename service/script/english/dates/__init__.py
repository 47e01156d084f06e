"""Rules for dates, clock times and fiscal periods."""
