"""Registers the room with Django."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """The room ``advice``."""

    name = "tsushinbo.advice"
    label = "advice"
    verbose_name = "政策マッチング"
