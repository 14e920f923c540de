"""Learning-rate schedules, one a file."""

import sys

from core.registry import collect
from core.schedules.base import Schedule

SCHEDULES: tuple[type[Schedule], ...] = collect(sys.modules[__name__], Schedule, "ravine.schedules")
