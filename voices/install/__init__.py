"""Install voices from a mirror or from local files.

mirror | local files ──► candidate ──► accept licence ──► install ──► voices.catalogue
download, checksums           licence, credit          gain measured, whole or not
"""
