"""What a SQLite file says, as one text to search in."""

from shared.sealed_file import sqlite3


def everything_in(db: sqlite3.Connection) -> str:
    """All rows of all tables, those of the text index too."""
    named = db.execute("select name from sqlite_master where type = 'table'").fetchall()
    return "\n".join(str(row) for (name,) in named for row in db.execute(f"select * from {name}"))
