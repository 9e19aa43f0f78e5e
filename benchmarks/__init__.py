"""How fast segdsl is, beside its peers: `make bench` runs this package and writes RESULTS.md."""
