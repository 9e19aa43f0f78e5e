"""What a release must be before it is published: `make release-check`."""
