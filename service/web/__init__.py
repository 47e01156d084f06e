"""Static files: the front page and the feed's cover picture."""
