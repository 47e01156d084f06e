"""Tests of article preparation."""
