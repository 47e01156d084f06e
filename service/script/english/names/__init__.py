"""Rules for names: titles, abbreviations, initialisms, numerals."""
