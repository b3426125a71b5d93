"""What keeps two desks together: whether something changed, who has what open, whether a pressed form came in."""
