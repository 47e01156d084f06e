"""Rules for scores of matches and results of votes."""
