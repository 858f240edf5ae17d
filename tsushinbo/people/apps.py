"""Registers the room with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room ``people``."""

    name = "tsushinbo.people"
    label = "people"
    verbose_name = "政治家"
