"""Audio files: encode MP3, write tags, convert to other formats."""
