"""Tests of service.supervisor."""
