"""Reads and writes question banks in other formats."""
