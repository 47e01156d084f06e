"""Tests of piper."""
