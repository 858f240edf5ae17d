"""Addresses of activity reports."""

from django.urls import path, re_path

from tsushinbo.activities.views import reading, writing

app_name = "activities"

urlpatterns = [
    path("activities/", reading.reports, name="reports"),
    path("activities/new/", writing.new, name="new"),
    path("activities/mine/", writing.mine, name="mine"),
    re_path(
        r"^activities/pictures/(?P<name>[0-9a-f]{32})/(?P<width>[1-9][0-9]{0,4})\.(?P<kind>avif|webp|jpg)$",
        reading.picture,
        name="picture",
    ),
    path("activities/<id:report_id>/", reading.report, name="report"),
    path("activities/<id:report_id>/edit/", writing.edit, name="edit"),
    path("politicians/<id:politician_id>/activities/", reading.politician_reports, name="politician-reports"),
]
