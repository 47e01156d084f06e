"""Commands that look after an installation: backup, reindex, doctor."""
