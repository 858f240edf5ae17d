"""The site's addresses and a view that does nothing, through the same middleware."""

import time

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tsushinbo.config.urls import handler400, handler403, handler404, handler500
from tsushinbo.config.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def hello(request: HttpRequest) -> HttpResponse:
    """The least a view can do: it says how long the processor has worked for this process, in nanoseconds."""
    return HttpResponse(f"{time.process_time_ns()}\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


urlpatterns = [path("hello", hello), *site]
