"""The site's certificates: made at the set-up, renewed by the hub, trusted by phones and gates."""
