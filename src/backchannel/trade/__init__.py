"""Trade that finds another way: the mathematics of flows over routes, and estimates from monthly flows."""
