"""The addresses of readiness."""

from django.urls import path

from balai.readiness import views

app_name = "readiness"
urlpatterns = [
    path("stoc/", views.overview, name="overview"),
    path("stoc/ukuran/<slug:code>/", views.measure, name="measure"),
    path("stoc/tabel.csv", views.export, name="export"),
]
