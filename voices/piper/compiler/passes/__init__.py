"""Passes of the compiler: each takes a graph and returns an equal, faster one."""
