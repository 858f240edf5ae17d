"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from tsushinbo import addresses

addresses.register()

# Tried one after the other: what visitors ask for comes before what members and moderators do.
urlpatterns = [
    path("", include("tsushinbo.rankings.urls")),
    path("", include("tsushinbo.notices.urls")),
    path("", include("tsushinbo.claims.urls")),
    path("", include("tsushinbo.office.urls")),
    path("", include("tsushinbo.replies.urls")),
    path("", include("tsushinbo.moderation.urls")),
    path("", include("tsushinbo.evaluations.urls")),
    path("", include("tsushinbo.people.urls")),
    path("", include("tsushinbo.pledges.urls")),
    path("", include("tsushinbo.activities.urls")),
    path("", include("tsushinbo.advice.urls")),
    path("", include("tsushinbo.comments.urls")),
    path("", include("tsushinbo.books.urls")),
    path("", include("tsushinbo.surveys.urls")),
    path("", include("tsushinbo.search.urls")),
    path("", include("tsushinbo.opendata.urls")),
    path("", include("tsushinbo.importers.urls")),
    path("", include("tsushinbo.site.urls")),
    path("accounts/", include("tsushinbo.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "tsushinbo.site.views.errors.bad_request"
handler403 = "tsushinbo.site.views.errors.forbidden"
handler404 = "tsushinbo.site.views.errors.not_found"
handler500 = "tsushinbo.site.views.errors.server_error"
