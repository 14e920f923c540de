"""Measures Ravine against its peers, both in the same run: see README.md."""
