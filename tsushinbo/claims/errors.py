"""Refusals that a claimant, the holder of a verified account or a moderator may cause."""

from tsushinbo.errors import RuleBroken


class ClaimRefused(RuleBroken):
    """What was sent cannot be taken. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class AlreadyClaimed(RuleBroken):
    """The account has a claim on this politician that is alive, or speaks for them already."""

    message = "このアカウントは、この政治家の申請をすでに出しているか、本人・事務所として登録されています。"


class ClaimMoved(RuleBroken):
    """The claim is no longer as it was when the page was read."""

    message = "読んでいる間に、申請の状態が変わりました。いまの状態を確かめてから、もう一度お試しください。"


class WrongCode(RuleBroken):
    """The code does not fit. ``tries_left``: how many more tries it has."""

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__(
            f"番号が違います。あと{tries_left}回入力できます。"
            if tries_left
            else "番号が違います。この番号はもう使えません。新しい番号を送ってください。"
        )


class CodeGone(RuleBroken):
    """There is no code that could still fit."""

    message = "番号の期限が切れたか、入力の回数を使い切りました。新しい番号を送ってください。"


class TooManyCodes(RuleBroken):
    """This account asked for, or this address was sent, as many codes as a day allows."""

    message = "番号は1日に5回まで送れます。時間をおいてお試しいただくか、ほかの方法を選んでください。"


class NotAModerator(RuleBroken):
    """Somebody without the role decided."""

    message = "本人確認の判断は、モデレーターか管理者だけができます。"


class OwnClaim(RuleBroken):
    """A moderator has a part in the claim: made it, or speaks for the politician."""

    message = "自分の申請と、自分が担当する政治家の申請は、判断できません。ほかの担当者に任せてください。"


class NotTheHolder(RuleBroken):
    """Only who was verified may say who else speaks for the politician."""

    message = "メンバーの招待と解除は、本人確認を受けた代表のアカウントだけができます。"


class TeamFull(RuleBroken):
    """There are as many members and open invitations as an office may have."""

    message = "メンバーは招待中を含めて10人までです。使っていない招待を取り消すか、メンバーを外してください。"


class InvitationGone(RuleBroken):
    """The invitation was used, withdrawn or is over, or the link was changed."""

    message = "この招待は使えません。期限が切れたか、取り消されたか、すでに使われています。招待した人に、もう一度送るよう頼んでください。"


class InvitedElsewhere(RuleBroken):
    """The account has not confirmed the address that was invited."""

    message = (
        "招待は、別のメールアドレスに送られたものです。招待されたアドレスで登録したアカウントでログインしてください。"
    )
