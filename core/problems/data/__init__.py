"""Losses of two weights over rows of data, a class each, in the order in which the page offers them."""

import sys

from core.problems.data.base import DataProblem
from core.registry import collect

DATA_PROBLEMS: tuple[type[DataProblem], ...] = collect(sys.modules[__name__], DataProblem, "ravine.data")
