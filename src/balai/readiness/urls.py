"""The addresses of readiness."""

from django.urls import path

from balai.readiness.views import assessments, index

app_name = "readiness"
ONE = "stoc/kesiapan/<int:assessment_id>/"
urlpatterns = [
    path("stoc/", index.overview, name="overview"),
    path("stoc/ukuran/<slug:code>/", index.measure, name="measure"),
    path("stoc/tata-kelola/", index.scorecard, name="scorecard"),
    path("stoc/tabel.csv", index.export, name="export"),
    path("stoc/kesiapan/", assessments.assessments, name="assessments"),
    path("stoc/kesiapan/rencana/", assessments.plan, name="plan"),
    path(ONE, assessments.assessment, name="assessment"),
    path(ONE + "bekukan/", assessments.freeze, name="freeze"),
    path(ONE + "serahkan/", assessments.hand_in, name="hand_in"),
    path(ONE + "kembalikan/", assessments.give_back, name="give_back"),
    path(ONE + "kukuhkan/", assessments.attest, name="attest"),
    path(ONE + "bahas/", assessments.discuss, name="discuss"),
    path(ONE + "tanda-tangani/", assessments.sign, name="sign"),
    path(ONE + "terbitkan/", assessments.publish, name="publish"),
    path(ONE + "langkah/", assessments.take_step, name="take_step"),
    path(ONE + "sampel/<int:sample_id>/", assessments.judge, name="judge"),
    path(ONE + "bukti/<int:evidence_id>/tarik/", assessments.withdraw, name="withdraw"),
    path(ONE + "jawab/<slug:code>/", assessments.answer, name="answer"),
    path(ONE + "jawab/<slug:code>/bukti/", assessments.prove, name="prove"),
    path(ONE + "<slug:code>/", assessments.component, name="component"),
]
