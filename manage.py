#!/usr/bin/env python
"""Django's own command line; ``tsushinbo manage …`` is the same."""

import sys

from tsushinbo.cli import main

if __name__ == "__main__":
    main(["manage", *sys.argv[1:]])
