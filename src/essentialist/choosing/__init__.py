"""What every way of choosing shares: likeness, wishes and their limits, the order of play, reasons."""
