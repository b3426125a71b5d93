"""The names of what can happen to what a practice offers."""

SERVICE_ADDED = "catalogue.service.added"
SERVICE_CHANGED = "catalogue.service.changed"
SERVICE_ENDED = "catalogue.service.ended"
SERVICE_BROUGHT_BACK = "catalogue.service.brought_back"
