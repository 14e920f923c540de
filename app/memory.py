"""Give back memory that compilers and large arrays leave; where the C library (not glibc) cannot, nothing is done."""

import ctypes

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # M_ARENA_MAX and M_MMAP_THRESHOLD of mallopt(3)
_LARGE = 4 * 1024 * 1024


def _call(name: str, *arguments: int) -> None:
    """Call a function of the running program's C library, if it has it."""
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)


def use_one_arena() -> None:
    """Let all threads allocate from one heap: many, each with holes of its own, took a fifth more here."""
    _call("mallopt", _ARENA_MAX, 1)


def unmap_large_blocks() -> None:
    """Let every large array have pages of its own, gone with it: else the bound rises to the largest ever freed."""
    _call("mallopt", _MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Return free pages to the system: after a compilation, whose hundreds of small pieces leave many."""
    _call("malloc_trim", 0)
