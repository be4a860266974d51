"""How the process keeps memory that it has used."""

import ctypes
from contextlib import suppress

M_MMAP_THRESHOLD = -3  # the option's number in malloc.h of glibc
BIG = 4 * 1024 * 1024  # bytes; a password's hash takes 19 MiB for a moment, nothing else that much


def give_back_big_blocks() -> None:
    """Let every big block go back to the system when it is free.

    By itself glibc raises the bar after the first one, and then each thread keeps the memory of a hash for ever. The
    price is that each hash takes fresh memory, which costs it a quarter more time.
    """
    with suppress(AttributeError):  # another C library, which may do as it likes
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, BIG)
