from django.urls import path

from balai.analytics import views

app_name = "analytics"
urlpatterns = [
    path("laporan/", views.report, name="report"),
    path("laporan/laporan.csv", views.export, name="export"),
]
