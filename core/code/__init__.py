"""A comparison as a short script that runs without Ravine, in optax or in PyTorch."""

from core.code.form import FLAVOURS, Flavour, Unwritten
from core.code.script import script

__all__ = ["FLAVOURS", "Flavour", "Unwritten", "script"]
