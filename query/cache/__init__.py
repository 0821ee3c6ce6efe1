"""The cache floor: the stored queries and mutations."""
