"""Tests of requesting narrations."""
