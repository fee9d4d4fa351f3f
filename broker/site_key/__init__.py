"""The key that opens a site's backups, in its file and on paper (密钥)."""
