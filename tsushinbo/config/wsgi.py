"""The door for the production server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsushinbo.config.settings")

application = get_wsgi_application()
# Load every view before the first visitor comes, then let the garbage collector leave alone what stays as long as the process: to walk through all
# of it took a tenth of a second, now and then, while somebody waited.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
