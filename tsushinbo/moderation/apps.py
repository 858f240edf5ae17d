"""Registers the room with Django."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The room ``moderation``."""

    name = "tsushinbo.moderation"
    label = "moderation"
    verbose_name = "確認"
