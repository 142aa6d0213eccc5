"""The pages of readiness: the index, and assessments."""
