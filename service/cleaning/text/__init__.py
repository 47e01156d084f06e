"""Clean text that has no markup: an article alone, or a copied page."""
