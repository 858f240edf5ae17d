"""Refusals that editors, offices and visitors may cause."""

from tsushinbo.errors import RuleBroken
from tsushinbo.scoring.agreement import MINIMUM

LEAST = 10
MOST = 60


class NotAnEditor(RuleBroken):
    """Only editors make questionnaires and copy answers."""

    message = "政策マッチングの質問票は、編集者だけが作れます。"


class OwnSide(RuleBroken):
    """An editor who speaks for somebody who is asked."""

    message = "質問を受ける政治家の本人・事務所のアカウントでは、この質問票を編集できません。"


class AlreadyAsked(RuleBroken):
    """The election has its questionnaire."""

    message = "この選挙の質問票は、もうあります。"


class NotAnAssembly(RuleBroken):
    """No assembly of that office and area is on record."""

    message = "議会が見つかりません。議会の種類と、地域の団体コードを確かめてください。"


class Frozen(RuleBroken):
    """A politician has answered: the words stay as they were asked."""

    message = "政治家の回答が始まったため、質問票は変えられません。全員が同じ文に答えるためです。"


class AlreadyPublished(RuleBroken):
    """What is public is not taken away or retitled."""

    message = "公開した質問票では、設問の文だけを直せます。前の文は履歴に残ります。"


class TooFewStatements(RuleBroken):
    """A few statements would not tell people apart."""

    message = f"設問が{LEAST}問になると公開できます。一致度は、{MINIMUM}問以上を比べられるときだけ示します。"


class TooManyStatements(RuleBroken):
    """Nobody would answer them all."""

    message = f"設問は{MOST}問までです。"


class NotSpokenFor(RuleBroken):
    """The account does not speak for the politician."""

    message = "回答は、その政治家の本人・事務所のアカウントだけが書けます。"


class NotAsked(RuleBroken):
    """The politician does not stand in the election, or sits in no such assembly."""

    message = "この政治家は、質問を受ける人の記録にありません。"


class AnswersClosed(RuleBroken):
    """The polls are closed, or nothing is public yet."""

    message = "この質問票への回答は、いまは受け付けていません。投票が終わったあとは、回答を変えられません。"


class AnswersWait(RuleBroken):
    """On the day of polling nothing new about those who stand is published."""

    message = "投票日は、候補者についての新しい公開を止めているため、回答を受け付けていません（公職選挙法 第129条）。"


class OwnAnswerStands(RuleBroken):
    """Editors do not write over what the politician answered."""

    message = "本人・事務所が答えた設問は、編集者が変えられません。"


class AnswersMoved(RuleBroken):
    """Somebody else changed the answers since the form was opened."""

    message = "書いている間に、ほかの人が回答を変えました。いまの回答を確かめてから、もう一度お送りください。"


class NothingGiven(RuleBroken):
    """The form holds nothing new."""

    message = "変わった回答がありません。設問に答えてからお送りください。"
