"""What a process holds of memory that it asked the C library for."""

import ctypes
import gc
import platform

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
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("only glibc tells what is in use")
    tell = ctypes.CDLL(None).mallinfo2
    tell.restype = _Told
    gc.collect()
    told = tell()
    return int(told.uordblks + told.hblkhd)
