"""Addresses of comments."""

from django.urls import path

from tsushinbo.comments import mine, views

app_name = "comments"

urlpatterns = [
    path("activities/<id:report_id>/comments/", views.comments, name="comments"),
    path("comments/mine/", mine.mine, name="mine"),
    path("comments/<id:comment_id>/", views.comment, name="comment"),
    path("comments/<id:comment_id>/withdraw/", views.withdraw, name="withdraw"),
]
