"""Trials at full size: the real voice, a real browser, real kills."""
