"""Loaded by pytest before Django's settings: the tests write to a folder of their own and never to a real site."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="tsushinbo-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("TSUSHINBO_") and not name.startswith("TSUSHINBO_TEST_")]:
    del os.environ[_name]
os.environ["TSUSHINBO_DATA_DIR"] = _folder
os.mkdir(os.path.join(_folder, "static"))
# Tests send by the worker's round alone: a thread of its own would outlive them.
os.environ["TSUSHINBO_MAIL_AT_ONCE"] = "0"
# No test asks anybody outside.
os.environ["TSUSHINBO_BOOK_SOURCES"] = "none"
