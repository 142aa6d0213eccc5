"""Static files: under names with their hash once they were collected, under plain names before."""

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class CollectedOrPlain(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """`balai serve` collects. Tests and a fresh checkout need not: whitenoise finds the files."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
