"""Registers the room with Django."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """The room ``replies``."""

    name = "tsushinbo.replies"
    label = "replies"
    verbose_name = "反論・回答"
