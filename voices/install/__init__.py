"""A voice comes to the house.

mirror | files of one's own ──► offer ──► accepted? ──► install ──► voices.catalogue
download, checksums           licence, credit          gain measured, whole or not
"""
