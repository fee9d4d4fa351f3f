"""Backup and restore: a copy of the site that can be trusted, and the way back (备份)."""
