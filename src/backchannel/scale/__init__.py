"""More draws than one machine holds: shards of draws, solved anywhere, kept on disk, merged exactly."""
