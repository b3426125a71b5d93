"""All that is held about a person, as files: JSON, CSV, a FHIR R4 bundle, and a page to read."""
