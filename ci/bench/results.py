"""Histograms as result.json of a load run has them: pairs of bucket and count in one list."""
import math

STEPS_BITS = 6  # as in plimsoll/load_values/histogram.hpp
EXACT_BELOW = 2 << STEPS_BITS


def count(histogram):
    return sum(histogram["buckets"][1::2])


def middle(index):
    """Nanoseconds in the middle of a bucket."""
    if index < EXACT_BELOW:
        return index
    shift = (index >> STEPS_BITS) - 1
    first = (index - (shift << STEPS_BITS)) << shift
    return first + ((1 << shift) - 1) // 2


def quantile(histogram, q):
    """Nanoseconds; the sample of the rank that `plimsoll` takes, to the same 1 %."""
    rank = math.ceil(q * count(histogram) * (1 - 1e-12))
    passed = 0
    for index, counted in zip(histogram["buckets"][::2], histogram["buckets"][1::2]):
        passed += counted
        if passed >= rank:
            return middle(index)
    raise ValueError("a histogram without samples")
