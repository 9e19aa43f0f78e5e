"""The speed of segdsl and its peers: `make bench` runs this package and writes RESULTS.md."""
