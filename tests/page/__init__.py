"""Tests of reading text, HTML and Markdown into articles."""
