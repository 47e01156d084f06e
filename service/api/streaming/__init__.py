"""Stream audio: finished files by range, narrations while they are rendered."""
