"""Makes the weights of the contradiction judge, and the constants of marking."""
