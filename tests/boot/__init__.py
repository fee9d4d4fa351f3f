"""A site's machine, booted: its units when programs hang, files break and the power fails."""
