"""What a visitor may be refused here."""

from tsushinbo.errors import RuleBroken


class NothingToFollow(RuleBroken):
    """There is no such thing."""

    message = "フォローする相手が見つかりません。ページが移ったか、なくなっています。"


class FollowsTooMany(RuleBroken):
    """One person follows as much as the site keeps for one."""

    message = "フォローできるのは1,000件までです。いらないものを外してから、もう一度お試しください。"
