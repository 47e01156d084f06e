"""Memory that was freed, and that the process still has."""

import ctypes


def give_back() -> None:
    """Give it back to the machine, where the C library knows how to (glibc does).

    It keeps what was freed in pieces of up to 32 MB, to have it at hand: after a voice
    was compiled these are 450 MB, which are not needed again.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
