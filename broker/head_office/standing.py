"""The journal of a site as it stands: of each number the entry of the latest epoch."""


def standing(more: str) -> str:
    """Asks for the entries of a site (the first value) for which ``more`` holds, as
    ``PublicEntry`` has its fields, in order.
    """
    return f"""
        select distinct on (entry.seq) entry.seq, previous, entry.hash, entry.form, at, kind,
            subject, public, sealed
        from entry join site using (site)
        where site = %s and entry.seq <= stored_through and {more}
        order by entry.seq, entry.epoch desc
    """
