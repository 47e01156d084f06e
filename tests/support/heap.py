"""What a process holds of memory that it asked the C library for."""

import ctypes
import gc

import pytest


class _Told(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def heap() -> int:
    """Bytes that are in use; skips the test where there is no glibc to tell."""
    tell = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if tell is None:
        pytest.skip("only glibc, from 2.33 on, tells what is in use")
    tell.restype = _Told
    gc.collect()
    info = tell()
    return int(info.uordblks + info.hblkhd)
