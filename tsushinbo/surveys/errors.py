"""Refusals that a voter or an editor may cause."""

from tsushinbo.errors import RuleBroken
from tsushinbo.surveys.popularity import Finding


class AnswerRefused(RuleBroken):
    """The answer cannot be taken as it was sent. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class SurveyClosed(RuleBroken):
    """It takes answers no longer, or not yet."""

    message = "このアンケートは受付中ではないため、回答を受け付けられません。"


class WordingChanged(RuleBroken):
    """The questions were changed since the voter read them."""

    message = "設問が変わりました。いまの設問を読んで、もう一度答えてください。回答は記録していません。"


class AnsweredMeanwhile(RuleBroken):
    """The voter's answer is there, and is not the one that the form was filled in with: that of the public page, or of an older window."""

    message = "すでに回答済みです。変更する内容を確かめて送ってください。記録している回答に、いま入力した内容を重ねて表示しています。"


class PopularityVote(RuleBroken):
    """公職選挙法 第138条の3: the survey asks who should hold office, or sets people who stand beside each other."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        if finding.who is None:
            what = (
                f"{finding.where}の「{finding.words}」は、選挙で選ばれるべき人や投票先をたずねています。"
                "公職選挙法第138条の3は、公職に就くべき者を予想する人気投票の経過と結果の公表を禁じているため、このアンケートは公開できません。"
                "政策や、過去の仕事についてたずねてください。"
            )
        else:
            what = (
                f"{finding.where}の「{finding.words}」は、{finding.who.election}に立候補している（または予定している）{finding.who.name}さんを指します。"
                "公職選挙法第138条の3は、公職に就くべき者を予想する人気投票の経過と結果の公表を禁じています。"
                "候補者（予定の人を含む）を挙げるアンケートは、その選挙の投票が終わるまで公開できません。"
            )
        super().__init__(what)


class NotReady(RuleBroken):
    """The survey cannot be published yet. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class AlreadyAnswered(RuleBroken):
    """Questions stay as they are from the first answer on."""

    message = "最初の回答が届いたため、題名・設問・選択肢・開始の日時・結果の見せ方は変えられません。答えた人が読んだ文と、集計の意味が変わってしまうためです。説明文と締め切りは直せます。"


class ClosedForGood(RuleBroken):
    """A survey that closed is not opened again: its results were read."""

    message = "締め切ったアンケートは、もう一度開けません。結果が公開された後の回答が混ざってしまうためです。新しいアンケートを作ってください。"


class SavedElsewhere(RuleBroken):
    """Another editor, or another window, saved it since it was opened."""

    message = "ほかの画面で、このアンケートが先に保存されました。入力した内容は残っています。別の画面で最新の内容を確かめてから、もう一度保存してください。"


class NotADraft(RuleBroken):
    """Only a draft can be thrown away."""

    message = "公開したアンケートは削除できません。締め切りを早めることはできます。"
