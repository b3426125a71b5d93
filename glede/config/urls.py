"""Every address, in one place: the desk at the root, patients under /t/, providers under /hooks/."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("ui/", include("glede.ui.urls")),
    path("", include("glede.portal.urls")),
    path("hooks/", include("glede.hooks.urls")),
    path("", include("glede.desk.urls")),
    # After the desk, whose own /book/… come first.
    path("book/", include("glede.portal.booking.urls")),
]

handler400 = "glede.ui.errors.bad_request"
handler403 = "glede.ui.errors.forbidden"
handler404 = "glede.ui.errors.not_found"
handler500 = "glede.ui.errors.server_error"
