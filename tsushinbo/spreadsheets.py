"""Text in files that a spreadsheet opens: a cell that begins like a formula would be worked out, and could send what stands beside it elsewhere."""

# Full-width signs too: a spreadsheet set to Japanese reads them as the others.
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text, led by an apostrophe where it would be worked out; white space in front deceives nobody.

    A number is one whatever its sign, and stays.
    """
    begins = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(FORMULAS)
    return f"'{text}" if begins and not _is_number(text) else text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
