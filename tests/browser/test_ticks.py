"""The numbers on a log axis: static/charts/ticks.js over ranges of every size."""

import itertools
from typing import Any

import numpy as np

from tests.browser.conftest import Ravine

TICKS = """async ranges => {
  const {logTicks} = await import("/static/charts/ticks.js");
  return ranges.map(logTicks);
}"""
LENGTHS = (0.05, 0.16, 0.38, 0.7, 1.0, 1.7, 2.3, 4.0, 6.9, 10.0, 30.0, 70.0)


def test_every_range_has_a_few_numbers_that_rise_and_lie_within_it(ravine: Ravine) -> None:
    ravine.expected_errors = ("favicon.ico",)
    ravine.page.goto(f"{ravine.service.address}/healthz")
    ranges = [
        [low, low + length] for low, length in itertools.product(np.arange(-37, 8, 0.37).round(2).tolist(), LENGTHS)
    ]
    found: list[dict[str, Any]] = ravine.page.evaluate(TICKS, ranges)
    for (low, high), ticks in zip(ranges, found, strict=True):
        places = np.log10(np.array(ticks["tickvals"], float))
        assert 2 <= len(places) <= 9, (low, high, ticks)
        assert (np.diff(places) > 0).all()
        assert low - 1e-6 <= places[0]
        assert places[-1] <= high + 1e-6
        assert len(set(ticks["ticktext"])) == len(places), (low, high, ticks)
