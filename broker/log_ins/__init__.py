"""Who is logged in at the staff's pages."""
