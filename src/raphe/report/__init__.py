"""Answers, written for people and for programs."""
