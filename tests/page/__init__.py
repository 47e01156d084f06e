"""Pages: text and HTML become an article."""
