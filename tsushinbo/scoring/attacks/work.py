"""How much work a ballot costs while a window stands out. Without NumPy: it is asked while a voter waits."""

from math import floor

from tsushinbo.scoring.method import METHOD, AttackParameters


def bits_beyond(strength: float, method: AttackParameters = METHOD.attacks) -> int:
    """How many bits more of proof of work a ballot costs in a window of this strength.

    A bit for each power of ten that the window is beyond ``work_from``, up to ``most_work``: nothing on an ordinary day.
    """
    return min(max(floor(strength - method.work_from), 0), method.most_work)
