from django.urls import path

from balai.people import key_pages, views

app_name = "people"
urlpatterns = [
    path("anggota/", views.members, name="members"),
    path("anggota/tambah/", views.invite, name="invite"),
    path("anggota/<int:member_id>/", views.member, name="member"),
    path("anggota/<int:member_id>/peran/", views.give_role, name="give_role"),
    path("anggota/<int:member_id>/pinjam/", views.lend_role, name="lend_role"),
    path("anggota/<int:member_id>/pindah/", views.move, name="move"),
    path("anggota/<int:member_id>/masuk-ulang/", views.reset, name="reset"),
    path("anggota/<int:member_id>/keluar/", views.leaves, name="leaves"),
    path("peran/<int:grant_id>/akhiri/", views.end_role, name="end_role"),
    path("pinjaman/<int:delegation_id>/akhiri/", views.revoke, name="revoke"),
    path("unit-kerja/", views.units, name="units"),
    path("unit-kerja/tambah/", views.add_unit, name="add_unit"),
    path("unit-kerja/<int:unit_id>/bubarkan/", views.dissolve_unit, name="dissolve_unit"),
    path("instansi/", views.institution, name="institution"),
    path("instansi/mandat/", views.entrust, name="entrust"),
    path("mandat/<int:mandate_id>/terima/", views.accept_mandate, name="accept_mandate"),
    path("mandat/<int:mandate_id>/petugas/", views.name_officer, name="name_officer"),
    path("mandat/<int:mandate_id>/akhiri/", views.end_mandate, name="end_mandate"),
    path("mandat/petugas/<int:member_id>/lepas/", views.release_officer, name="release_officer"),
    path("instansi/ubah/", views.edit_institution, name="edit_institution"),
    path("instansi/kunci/", key_pages.keys, name="keys"),
    path("instansi/kunci/buat/", key_pages.make, name="make_key"),
    path("instansi/kunci/<int:key_id>/akhiri/", key_pages.revoke, name="revoke_key"),
    path("instansi/<int:institution_id>/pilih/", views.choose, name="choose"),
]
