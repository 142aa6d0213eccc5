from django.urls import path

from balai.registry import views

app_name = "registry"
urlpatterns = [
    path("akun-resmi/", views.accounts, name="accounts"),
    path("akun-resmi/ajukan/", views.request_account, name="request_account"),
    path("akun-resmi/<int:account_id>/", views.account, name="account"),
    path("akun-resmi/<int:account_id>/<slug:slug>/", views.step, name="step"),
]
