"""Tests of finding the article of a page by its containers."""
