"""Podcast feeds: articles with finished narrations as RSS."""
