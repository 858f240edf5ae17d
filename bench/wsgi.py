"""The door for the production server in a bench: the site's own, with the bench's addresses."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from tsushinbo.config.wsgi import application

__all__ = ["application"]
