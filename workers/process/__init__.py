"""The worker process: take jobs from the queue and run them."""
