from django.urls import path

from balai.surveys import views

app_name = "surveys"
urlpatterns = [
    path("survei/", views.surveys, name="list"),
    path("survei/tulis/", views.draft, name="draft"),
    path("survei/<int:survey_id>/", views.survey, name="survey"),
    path("survei/<int:survey_id>/ubah/", views.edit, name="edit"),
    path("survei/<int:survey_id>/langkah/", views.step, name="step"),
    path("survei/<int:survey_id>/kertas/", views.enter, name="enter"),
    path("survei/<int:survey_id>/tindak-lanjut/", views.plan, name="plan"),
    path("survei/<int:survey_id>/tindak-lanjut/<int:plan_id>/", views.done, name="done"),
    path("survei/<int:survey_id>/hasil.csv", views.result_csv, name="csv"),
    path("kepuasan/", views.nearest, name="nearest"),
    path("kepuasan/<slug:slug>/", views.published, name="published"),
    path("kepuasan/hasil/<slug:code>/", views.result, name="result"),
    path("kepuasan/isi/<slug:code>/", views.answer, name="answer"),
    path("kepuasan/undangan/<str:key>/", views.invited, name="invited"),
    path("kepuasan/terima-kasih/<slug:code>/", views.thanks, name="thanks"),
]
