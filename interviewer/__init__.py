"""Interviewer: a voice-driven mock interviewer for the desktop, wholly on your own machine."""
