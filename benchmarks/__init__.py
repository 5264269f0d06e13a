"""Speed and memory, measured and printed; `make bench` runs them all."""
