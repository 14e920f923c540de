"""Optimizers, one a file: the folder's listing is the lecture's."""

import sys

from core.optimizers.base import Optimizer
from core.registry import collect

OPTIMIZERS: tuple[type[Optimizer], ...] = collect(sys.modules[__name__], Optimizer, "ravine.optimizers")
