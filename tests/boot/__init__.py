"""A site's machine, booted: what its units do when programs hang, files break and the power fails."""
