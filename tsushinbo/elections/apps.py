"""Registers the room with Django."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """The room ``elections``."""

    name = "tsushinbo.elections"
    label = "elections"
    verbose_name = "選挙"
