"""Stream audio: stored files by range, narrations while rendering."""
