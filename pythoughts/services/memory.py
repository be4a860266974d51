"""How the process keeps memory that it has used."""

import ctypes
from contextlib import suppress

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # the options' numbers in malloc.h of glibc
ARENAS = 2  # of memory; by itself glibc makes one for each thread, half empty, though one thread runs at a time
BIG = 4 * 1024 * 1024  # bytes; a password's hash takes 19 MiB for a moment, nothing else that much


def hold_little_memory() -> None:
    """Let every big block go back to the system when it is free, and threads share the small ones.

    By itself glibc raises the bar after the first one, and then each thread keeps the memory of a hash for ever. The
    price is that each hash takes fresh memory, which costs it a quarter more time.
    """
    with suppress(AttributeError):  # another C library, which may do as it likes
        allocator = ctypes.CDLL(None)
        allocator.mallopt(M_MMAP_THRESHOLD, BIG)
        allocator.mallopt(M_ARENA_MAX, ARENAS)
