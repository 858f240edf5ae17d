"""An agreement in words. static/advice/match.js says the same, and a test holds the two against each other."""

from tsushinbo.scoring.agreement import MINIMUM, Agreement


def agreement_words(found: Agreement) -> str:
    """The percentage with its range and with how many statements were compared, or why there is none."""
    if not found.shown:
        return f"比べられる設問が足りません（{found.compared}問。{MINIMUM}問以上で表示します）"
    if found.compared == found.answered:
        return f"一致 {found.percent}%（{found.compared}問を比較）"
    return f"一致 {found.percent}%（範囲 {found.low}〜{found.high}%、{found.answered}問のうち{found.compared}問を比較）"
