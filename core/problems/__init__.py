"""Losses to minimize: test surfaces and small networks."""
