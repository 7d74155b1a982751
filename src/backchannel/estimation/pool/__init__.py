"""A pool: many games as one data set, with one set of behavioural numbers for all of them."""
