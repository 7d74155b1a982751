"""Who carries work out that falls into pieces: threads of this process, or the workers of a cluster."""
