"""Small windows over the main one; none of them blocks."""
