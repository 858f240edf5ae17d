"""What is sent with files: refused by the size it says it has, before any of it is read.

Django limits what is typed (DATA_UPLOAD_MAX_MEMORY_SIZE) and not the files beside it: any form would take gigabytes and put them on the disk.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class WholeInMemory(MemoryFileUploadHandler):
    """Takes what may be taken whole (FILE_UPLOAD_MAX_MEMORY_SIZE), and nothing larger. Where a page takes files it says so itself, beside the field."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the size. Raises RequestDataTooBig, which is answered with 400."""
        if content_length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("what was sent is larger than any form of the site")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
