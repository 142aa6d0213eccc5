from django.urls import path

from balai.registry import views

app_name = "registry"
urlpatterns = [
    path("akun-resmi/", views.accounts, name="accounts"),
    path("akun-resmi/ajukan/", views.request_account, name="request_account"),
    path("akun-resmi/palsu/", views.false_accounts, name="false_accounts"),
    path("akun-resmi/palsu/laporkan/", views.report_false, name="report_false"),
    path("akun-resmi/palsu/<int:report_id>/", views.judge_false, name="judge_false"),
    path("akun-resmi/<int:account_id>/", views.account, name="account"),
    path("akun-resmi/<int:account_id>/<slug:slug>/", views.step, name="step"),
]
