"""Whether a survey is a popularity vote on who should hold office (人気投票), of which 公職選挙法 第138条の3 forbids to publish course and result.

Pure: texts and the people who stand go in, what was found comes out. The law is not tied to the campaign, and people who only plan to stand count.
Two things are looked for: a question for whom to vote, who will win or who suits an office; and people who stand, named among the options, or
two and more of one election anywhere in the survey.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tsushinbo.accounts.nicknames import names_in
from tsushinbo.japanese.folding import fold, has_kanji

# A name may stand in the middle of a text from so many signs on; what is shorter stands in ordinary words too, and must be the whole text.
WITHIN_KANJI, WITHIN_KANA = 3, 6
LONGEST_NAME = 24

_WHO = "(?:誰|だれ|どなた)(?!も|でも)|どの(?:人|候補|政治家|議員|方)|どちらの(?:人|候補|方)|どちらが|どちらに"
_OFFICE = "(?:首相|総理|総裁|党首|大臣|知事|市長|区長|町長|村長|首長|議員|議長|代表|候補)"
_HOLD = "ふさわし|相応し|適任|なってほし|なって欲し|なるべき|当選|投票|支持し|選びま|選ぶ|選びた|任せ|勝つ|勝ち|推しま|推す|推した|入れま|入れる|入れた|期待し"
# Read without spaces. Each asks, in so many words, for what must not be published.
ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?:{_WHO}).{{0,24}}(?:{_HOLD})",
        f"{_OFFICE}(?:に|として|には|は).{{0,16}}(?:ふさわし|相応し|適任|なってほし|なって欲し|なるべき).{{0,12}}(?:{_WHO})",
        f"(?:ふさわし|相応し|適任|なってほし|なって欲し).{{0,8}}{_OFFICE}.{{0,8}}(?:{_WHO})",
        "(?:どの|どちらの)(?:政党|党|会派).{0,16}(?:投票|入れま|入れる|勝つ|勝ち|議席)",
        "投票(?:先|した候補|したい(?:人|候補|政党|党)|する(?:予定の|つもりの)?(?:人|候補|政党|党))",
        "(?:当選者?|当落|勝敗|議席数?|勝つ人|勝者).{0,8}(?:予想|見込|しそう|と思い|と思う)",
    )
)


@dataclass(frozen=True)
class Standing:
    """Somebody who stands, or plans to, in an election whose polls are not closed. ``names`` and ``families`` are folded; until: None is not known."""

    name: str
    names: frozenset[str]
    families: frozenset[str]
    politician_id: int | None
    election_id: int
    election: str
    until: datetime | None

    def stands(self, at: datetime) -> bool:
        """Whether the polls are not closed yet."""
        return self.until is None or at < self.until


@dataclass(frozen=True)
class Choice:
    """An option: its text, and the politician it is linked to."""

    text: str
    politician_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """One question with its options."""

    number: int
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What was found: in which question (None: title or introduction), which words, and of whom (None: what is asked is enough)."""

    question: int | None
    words: str
    who: Standing | None = None

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return "題名か説明文" if self.question is None else f"問{self.question}"


@dataclass
class People:
    """Everybody who stands, so arranged that a text is looked through in a time that does not depend on how many they are."""

    by_name: dict[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    by_family: dict[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    by_politician: dict[int, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    lengths: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Iterable[Standing]) -> "People":
        """Arrange them."""
        made = cls()
        for row in rows:
            for name in row.names:
                made.by_name[name].append(row)
                if len(name) >= (WITHIN_KANJI if has_kanji(name) else WITHIN_KANA):
                    made.lengths.add(min(len(name), LONGEST_NAME))
            for name in row.families:
                made.by_family[name].append(row)
            if row.politician_id is not None:
                made.by_politician[row.politician_id].append(row)
        return made

    def named_in(self, text: str, at: datetime) -> list[Standing]:
        """Who is named with their whole name anywhere in a text."""
        folded, found = fold(text), {}
        for length in self.lengths:
            for start in range(len(folded) - length + 1):
                for row in self.by_name.get(folded[start : start + length], ()):
                    found[id(row)] = row
        return [row for row in found.values() if row.stands(at)]

    def meant_by(self, choice: Choice, at: datetime) -> list[Standing]:
        """Whom an option means: by its link, by a whole name in it, or by being such a name."""
        found = {id(row): row for row in self.named_in(choice.text, at)}
        for name in names_in(choice.text):
            found |= {id(row): row for row in self.by_name.get(name, ())}
        if choice.politician_id is not None:
            found |= {id(row): row for row in self.by_politician.get(choice.politician_id, ())}
        return [row for row in found.values() if row.stands(at)]

    def family_meant_by(self, choice: Choice, at: datetime) -> tuple[list[Standing], bool]:
        """Whom an option may mean by the family name alone, and whether a title stands beside it: 山田氏 means a person, 森 may be a wood."""
        whole, rows = fold(choice.text), []
        titled = False
        for name in names_in(choice.text):
            for row in self.by_family.get(name, ()):
                if row.stands(at):
                    rows.append(row)
                    titled = titled or name != whole
        return rows, titled


def find(texts: Sequence[str], questions: Sequence[Asked], people: People, at: datetime) -> Finding | None:
    """What makes a survey a popularity vote; None where nothing does. texts: its title and introduction."""
    return _asks(texts, questions) or _lists(questions, people, at) or _pairs(texts, questions, people, at)


def _asks(texts: Sequence[str], questions: Sequence[Asked]) -> Finding | None:
    """A question for who should hold office, whoever may stand."""
    for number, text in [
        *((None, text) for text in texts),
        *((question.number, question.text) for question in questions),
    ]:
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        for pattern in ASKS:
            if hit := pattern.search(plain):
                return Finding(number, hit[0])
    return None


def _lists(questions: Sequence[Asked], people: People, at: datetime) -> Finding | None:
    """An option that names somebody who stands; by family name alone only with a title, or where two of one election stand beside each other."""
    for question in questions:
        families: dict[int, dict[str, tuple[Choice, Standing]]] = defaultdict(dict)
        for choice in question.choices:
            if meant := people.meant_by(choice, at):
                return Finding(question.number, choice.text, meant[0])
            rows, titled = people.family_meant_by(choice, at)
            if rows and titled:
                return Finding(question.number, choice.text, rows[0])
            for row in rows:
                families[row.election_id].setdefault(choice.text, (choice, row))
        for hits in families.values():
            if len(hits) > 1:
                choice, row = next(iter(hits.values()))
                return Finding(question.number, choice.text, row)
    return None


def _pairs(texts: Sequence[str], questions: Sequence[Asked], people: People, at: datetime) -> Finding | None:
    """Two people who stand in one election, set beside each other anywhere in the survey."""
    seen: dict[int, dict[str, None]] = defaultdict(dict)
    for number, text in [
        *((None, text) for text in texts),
        *((question.number, question.text) for question in questions),
    ]:
        for row in people.named_in(text, at):
            named = seen[row.election_id]
            named.setdefault(row.name)
            if len(named) > 1:
                return Finding(number, row.name, row)
    return None
