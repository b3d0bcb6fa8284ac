"""Acts on what the zone says about itself, and on tasks about companies that may leave. Each is atomic."""
