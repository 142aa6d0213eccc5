"""The tables in the models are the tables that the migrations make."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def test_no_model_changed_without_a_migration():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    with translation.override(None):  # labels in the source's words, as makemigrations reads them
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("balai.")}
    assert {label: found for label, found in changes.items() if label in ours} == {}


def test_no_two_migrations_of_a_room_want_to_be_the_next():
    assert MigrationLoader(None, ignore_no_migrations=True).detect_conflicts() == {}
