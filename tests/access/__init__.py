"""Tests of keys, access levels and signed addresses."""
