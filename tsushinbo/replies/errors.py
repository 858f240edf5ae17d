"""Refusals that who answers may cause."""

from tsushinbo.errors import RuleBroken


class NotSpokenFor(RuleBroken):
    """The account does not speak for the politician concerned."""

    message = "反論・回答は、その政治家の本人・事務所のアカウントだけが書けます。"


class NotToBeAnswered(RuleBroken):
    """The text is not public, or no longer."""

    message = "この投稿は公開されていないため、回答できません。"


class ReplyMoved(RuleBroken):
    """Another member of the office wrote or changed the reply since the form was opened."""

    message = (
        "書いている間に、ほかのメンバーが回答を書いたか、直しました。いまの回答を確かめてから、もう一度お送りください。"
    )
