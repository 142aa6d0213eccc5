from balai.readiness.models.reckoning import ReckonedMeasure, Reckoning

__all__ = ["ReckonedMeasure", "Reckoning"]
