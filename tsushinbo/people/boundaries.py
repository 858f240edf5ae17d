"""Which districts of the House of Representatives an election used.

A change of districts (公職選挙法 別表第一) is used from the next general election on; by-elections before it still use the old ones.
"""

# The first general election after each change of districts.
FIRST_USED = ("1996-10-20", "2003-11-09", "2014-12-14", "2017-10-22", "2024-10-27")


def boundaries_on(day: str) -> str:
    """Name the boundaries used on ``day`` (an ISO date that may stop at the year or month) by the year they were first used.

    A year or month alone is taken as its end, so 2024 means those of 2024-10-27. Empty before the first districts of 1996.
    Example: 2021-10-31 gives 2017.
    """
    used = [first for first in FIRST_USED if first[: len(day)] <= day]
    return used[-1][:4] if used and day else ""
