"""Every address, in one place: the desk at the root, patients under /t/, providers under /hooks/."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("glede.ui.urls")),
    path("", include("glede.portal.urls")),
    path("hooks/", include("glede.hooks.urls")),
    path("", include("glede.desk.urls")),
]

handler400 = "glede.ui.views.bad_request"
handler403 = "glede.ui.views.forbidden"
handler404 = "glede.ui.views.not_found"
handler500 = "glede.ui.views.server_error"
