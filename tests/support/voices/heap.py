"""Measure the memory that the C library has allocated."""

import ctypes
import gc

import pytest


class _MallocInfo(ctypes.Structure):
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
    """Return the bytes in use; skip the test without glibc."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        pytest.skip("needs glibc 2.33 or newer")
    mallinfo.restype = _MallocInfo
    gc.collect()
    info = mallinfo()
    return int(info.uordblks + info.hblkhd)
