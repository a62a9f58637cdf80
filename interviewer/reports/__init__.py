"""Writes sessions out."""
