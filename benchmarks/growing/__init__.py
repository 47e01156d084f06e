"""Archives of many sizes, for benchmarks/growth.py: fill and serve them."""
