"""Tests of voices.install."""
