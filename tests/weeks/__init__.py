"""A simulated week at two desks: what comes in and goes out is counted after every step."""
