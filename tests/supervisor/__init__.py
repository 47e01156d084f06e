"""Tests of supervisor."""
