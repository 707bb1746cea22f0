"""Predictions held against what was reported."""
