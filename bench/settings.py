"""The site's settings with the bench's addresses."""

from tsushinbo.config.settings import *  # noqa: F403 - everything as the site has it

ROOT_URLCONF = "bench.urls"
