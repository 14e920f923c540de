"""Planes through parameter space, the loss on them, and what they hide."""
