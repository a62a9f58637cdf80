"""Keeps sessions: database and recordings."""
