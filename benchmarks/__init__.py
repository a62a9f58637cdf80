"""Measurements that take minutes: how good the score is, how soon the window comes, how long it is ever blocked."""
