"""Addresses where counts are entered."""

from django.urls import path

from tsushinbo.importers import views

app_name = "importers"

urlpatterns = [
    path("elections/count/", views.counts, name="counts"),
    path("elections/count/format/", views.count_format, name="count-format"),
    path("elections/count/sample.csv", views.count_sample, name="count-sample"),
    path("elections/count/files/<id:file_id>/", views.count_file, name="count-file"),
    path("elections/<id:election_id>/<id:contest_id>/count/", views.count, name="count"),
]
