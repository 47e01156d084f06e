"""Loudness: measure speech as ITU-R BS.1770 does, limit its peaks."""
