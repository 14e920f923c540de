"""Give back memory that compilers leave behind; where the C library cannot be told (not glibc), nothing happens."""

import ctypes

_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)


def _call(name: str, *arguments: int) -> None:
    """Call a function of the running program's C library, if it has it."""
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)


def use_one_arena() -> None:
    """Let all threads allocate from one heap: many, each with holes of its own, took a fifth more here."""
    _call("mallopt", _ARENA_MAX, 1)


def give_back() -> None:
    """Return free pages to the system: after a compilation, whose hundreds of small pieces leave many."""
    _call("malloc_trim", 0)
