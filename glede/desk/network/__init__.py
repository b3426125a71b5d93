"""The practice's network: how another desk comes in, and how it knows that it is us it speaks to."""
