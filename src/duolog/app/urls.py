"""All addresses: the API, the webhook, health, and the pages."""

from django.urls import URLPattern, URLResolver, include, path

from duolog.api import docs
from duolog.api.rest import api
from duolog.api.webhook import deliver
from duolog.app import health
from duolog.app.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/pms/webhook/jira/<str:name>", deliver),
    path("api/v1/docs", docs.page),
    path("api/v1/docs.css", docs.stylesheet),
    path("api/v1/", api.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics),
    path("", include("duolog.web.urls")),
]

handler400 = "duolog.web.views.errors.unreadable"
handler403 = "duolog.web.views.errors.forbidden"
handler404 = "duolog.web.views.errors.not_found"
handler429 = "duolog.web.views.errors.too_many"
handler500 = "duolog.web.views.errors.broken"
