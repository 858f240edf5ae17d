"""Registers the room with Django, and the admin with a door of ours."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    """The room ``accounts``."""

    default = True
    name = "tsushinbo.accounts"
    label = "accounts"
    verbose_name = "利用者"


class GuardedAdminConfig(admin.AdminConfig):
    """Django's admin behind the site's own log-in and a second factor."""

    default = False
    default_site = "tsushinbo.accounts.admin_site.GuardedAdminSite"
