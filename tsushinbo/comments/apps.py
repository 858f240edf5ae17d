"""Registers the room with Django."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """The room ``comments``."""

    name = "tsushinbo.comments"
    label = "comments"
    verbose_name = "コメント"
