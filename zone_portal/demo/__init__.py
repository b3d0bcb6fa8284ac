"""The demo zone, made from invented but plausible data, and files of any size for imports and benchmarks."""
