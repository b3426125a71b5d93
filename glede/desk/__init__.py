"""Staff pages: translation between people and operations. Decides nothing about the domain."""
