"""What a training or a measurement shows: curves and pages."""
