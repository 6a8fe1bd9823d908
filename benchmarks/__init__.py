"""How fast the course is, as ratios measured in one run: `python -m benchmarks`."""
