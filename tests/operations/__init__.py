"""Tests of service.operations."""
