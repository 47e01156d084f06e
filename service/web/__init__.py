"""What a browser is given: the front page and the feed's cover picture."""
