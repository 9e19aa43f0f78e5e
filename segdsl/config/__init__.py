"""Configs: `segments.toml`, or YAML or JSON of the same shape, read with the place of every character."""
