"""Registers the room with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room ``notices``."""

    name = "tsushinbo.notices"
    label = "notices"
    verbose_name = "お知らせ"
