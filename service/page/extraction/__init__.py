"""Extract the article of a page by its containers."""
