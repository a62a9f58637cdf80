"""Decides: values, rules and numbers. No Qt, no audio, no models, no SQL."""
