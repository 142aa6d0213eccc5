from django.urls import path

from balai.governance import views

app_name = "governance"
urlpatterns = [
    path("hari-kerja/", views.calendar, name="calendar"),
    path("hari-kerja/libur/", views.enter_holiday, name="enter_holiday"),
    path(
        "hari-kerja/libur/<int:holiday_id>/cabut/", views.withdraw_holiday, name="withdraw_holiday"
    ),
    path("hari-kerja/jam/", views.service_hours, name="service_hours"),
    path("target/", views.targets, name="targets"),
    path("target/<slug:clock>/", views.set_target, name="set_target"),
    path("jejak-audit/", views.audit, name="audit"),
    path("jejak-audit/periksa/", views.verify, name="verify"),
    path("jejak-audit/ujung.json", views.head, name="head"),
]
