"""Registers the room with Django."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """The room ``activities``."""

    name = "tsushinbo.activities"
    label = "activities"
    verbose_name = "活動報告"
