"""News to many: its words, its list, who gets it and who does not and why, begun and stopped. For owners."""
