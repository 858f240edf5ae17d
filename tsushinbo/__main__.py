"""``python -m tsushinbo``: the same as the console command."""

from tsushinbo.cli import main

if __name__ == "__main__":
    main()
