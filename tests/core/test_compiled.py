"""Which programs stay in memory."""

from dataclasses import dataclass

import jax.numpy as jnp

from core.compiled import KEPT, compiled_by_structure


@dataclass(frozen=True)
class Structure:
    """What a program is compiled for."""

    shift: float
    weight: int = 1


def compiled_again(compilations, *structures: Structure) -> list[bool]:
    """Call a program for one structure after the other, and say which calls compiled."""

    @compiled_by_structure
    def shifted(structure: Structure, x):
        return x + structure.shift

    found = []
    x = jnp.ones(3)
    for structure in structures:
        with compilations() as compiled:
            assert float(shifted(structure, x)[0]) == 1 + structure.shift
        found.append(bool(compiled))
    return found


def test_those_not_used_longest_are_forgotten(compilations) -> None:
    first, *others, one_more = (Structure(float(place)) for place in range(KEPT + 1))
    asked = [first, *others, first, one_more, first, others[0]]
    assert compiled_again(compilations, *asked) == [True] * KEPT + [False, True, False, True]


def test_a_heavy_one_takes_the_room_of_several_and_the_newest_always_stays(compilations) -> None:
    light, heavy = [Structure(float(place)) for place in range(KEPT)], Structure(9.0, KEPT - 1)
    assert compiled_again(compilations, *light, heavy, light[-1], light[0]) == [True] * KEPT + [True, False, True]
    huge = Structure(7.0, KEPT + 1)
    assert compiled_again(compilations, huge, huge, light[0], huge) == [True, False, True, True]
