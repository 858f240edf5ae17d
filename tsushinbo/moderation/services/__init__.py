"""Writes about what others wrote; one module a subject."""

from tsushinbo.moderation.services.appeals import (
    AlreadyAnswered,
    AppealMoved,
    NothingToAppeal,
    SameModerator,
    answer_appeal,
    open_appeal,
    open_appeal_of_ban,
)
from tsushinbo.moderation.services.bans import (
    BanMoved,
    Banned,
    NobodyToBan,
    ban_account,
    ban_network,
    ban_writer,
    forget_network_bans,
    lift_ban,
    refuse_banned,
)
from tsushinbo.moderation.services.decisions import (
    AlreadyDecided,
    CannotUndo,
    NotYours,
    confirm,
    decide,
    hide,
    reopen,
    restore,
)
from tsushinbo.moderation.services.warnings import warn_of_late

__all__ = [
    "AlreadyAnswered",
    "AlreadyDecided",
    "AppealMoved",
    "BanMoved",
    "Banned",
    "CannotUndo",
    "NobodyToBan",
    "NotYours",
    "NothingToAppeal",
    "SameModerator",
    "answer_appeal",
    "ban_account",
    "ban_network",
    "ban_writer",
    "confirm",
    "decide",
    "forget_network_bans",
    "hide",
    "lift_ban",
    "open_appeal",
    "open_appeal_of_ban",
    "refuse_banned",
    "reopen",
    "restore",
    "warn_of_late",
]
