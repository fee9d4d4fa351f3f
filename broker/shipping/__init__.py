"""The site's side of a head office: the journal is the outbox, and leaves in order (上报)."""
