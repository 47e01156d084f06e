"""The job queue: jobs and leases in Redis, messages through Celery."""
