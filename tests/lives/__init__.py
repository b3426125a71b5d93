"""Long lives of whole practices, in which many rooms act on the same people."""
