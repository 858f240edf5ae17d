"""How a date is written in Japanese."""


def written_date(iso: str) -> str:
    """2026-02-08 becomes 2026年2月8日; a shorter ISO date stays as short (2027-04: 2027年4月); nothing becomes ""."""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False)) if iso else ""
