"""Audio and captions over HTTP."""
