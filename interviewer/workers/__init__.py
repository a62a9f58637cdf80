"""QtCore only: the conductor, its lanes and the model process."""
