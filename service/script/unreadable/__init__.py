"""What a listener cannot follow: footnotes, codes, letters of other scripts."""
