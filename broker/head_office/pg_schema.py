"""The tables of a head office, by migration: each runs once, and none is ever changed."""

import psycopg

MIGRATIONS: tuple[str, ...] = (
    """
    create table site (
        site text primary key,
        invited_at timestamptz not null default now(),
        code_hash bytea unique,
        code_until timestamptz,
        token_hash bytea unique,
        public_key text not null default '',
        joined_at timestamptz,
        retired_at timestamptz,
        version text not null default '',
        last_seen_at timestamptz,
        waiting bigint not null default 0,
        epoch int not null default 1,
        stored_through bigint not null default 0,
        hash text not null,
        form smallint not null default 0
    );
    create table site_alarm (
        site text not null references site,
        epoch int not null,
        from_seq bigint not null,
        superseded bigint not null,
        told_at timestamptz not null default now(),
        primary key (site, epoch)
    );
    create table entry (
        site text not null,
        epoch int not null,
        seq bigint not null,
        month date not null,
        at text not null,
        kind text not null,
        subject text not null,
        form smallint not null,
        public text not null,
        sealed text not null,
        previous text not null,
        hash text not null,
        stored_at timestamptz not null default now(),
        primary key (site, seq, epoch, month)
    ) partition by range (month);
    create table entry_without_month partition of entry default;
    """,
)
_LOCK = 7_946_202_611
"""Of the migrations: several instances may start at once."""


def migrate_office(connection: psycopg.Connection) -> None:
    """Bring the database up to this release."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute("create table if not exists migration (number int primary key)")
        (done,) = connection.execute("select count(*) from migration").fetchone() or (0,)
        for number, sql in enumerate(MIGRATIONS[done:], start=done + 1):
            connection.execute(sql.encode())
            connection.execute("insert into migration values (%s)", [number])


def add_month(connection: psycopg.Connection, month: str) -> None:
    """The partition of a month, ``2026-11-01``, divided by site."""
    name = f"entry_{month[:4]}_{month[5:7]}"
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        if connection.execute("select to_regclass(%s)", [name]).fetchone() != (None,):
            return
        end = f"('{month}'::date + interval '1 month')"
        (until,) = connection.execute(f"select {end}::date".encode()).fetchone() or ("",)
        parts = "".join(
            f"create table {name}_{part} partition of {name}"
            f" for values with (modulus {_PARTS}, remainder {part});"
            for part in range(_PARTS)
        )
        connection.execute(
            f"create table {name} partition of entry for values from ('{month}') to ('{until}')"
            f" partition by hash (site); {parts}".encode()
        )


_PARTS = 8
