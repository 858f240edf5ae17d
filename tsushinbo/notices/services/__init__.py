"""Writes of follows and notices."""

from tsushinbo.notices.services.choices import choose_mail, stop_mail
from tsushinbo.notices.services.digests import mail_due
from tsushinbo.notices.services.follows import follow, forget_member, move_follows, standing, unfollow
from tsushinbo.notices.services.telling import fan_out, forget_old, mark_read, postpone, retract, tell, tell_followers

__all__ = [
    "choose_mail",
    "fan_out",
    "follow",
    "forget_member",
    "forget_old",
    "mail_due",
    "mark_read",
    "move_follows",
    "postpone",
    "retract",
    "standing",
    "stop_mail",
    "tell",
    "tell_followers",
    "unfollow",
]
