"""Storage: audio blobs, records, and the quotas that bound them."""
