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
    """
    alter table site set (fillfactor = 50);
    create table site_day (
        site text not null references site,
        day date not null,
        what text not null,
        count bigint not null,
        primary key (site, day, what)
    ) with (fillfactor = 80);
    create table office (secret text not null);
    insert into office values (gen_random_uuid()::text || gen_random_uuid()::text);
    create table reader (
        name text primary key,
        role text not null,
        sites text[] not null,
        code_hash bytea unique,
        code_until timestamptz,
        retired_at timestamptz
    );
    create table reader_session (
        token_hash bytea primary key,
        name text not null references reader,
        until timestamptz not null
    );
    do $$ begin
        create role yingbin_figures nologin;
    exception when duplicate_object or unique_violation then null;
    end $$;
    do $$ begin
        create role yingbin_auditor nologin;
    exception when duplicate_object or unique_violation then null;
    end $$;
    grant yingbin_figures, yingbin_auditor to current_user;
    do $$ begin
        execute format('grant usage on schema %I to yingbin_figures, yingbin_auditor',
            current_schema());
    end $$;
    create function may_read(text) returns boolean language sql stable as $$
        select current_setting('yingbin.sites', true) = '*'
            or $1 = any (string_to_array(current_setting('yingbin.sites', true), ','))
    $$;
    grant select (site, joined_at, retired_at, version, last_seen_at, waiting, epoch,
        stored_through, hash, form) on site to yingbin_figures, yingbin_auditor;
    grant select on site_alarm, site_day to yingbin_figures, yingbin_auditor;
    grant select on entry to yingbin_auditor;
    alter table site enable row level security;
    alter table site_alarm enable row level security;
    alter table site_day enable row level security;
    alter table entry enable row level security;
    create policy own_sites on site for select to yingbin_figures, yingbin_auditor
        using (may_read(site));
    create policy own_sites on site_alarm for select to yingbin_figures, yingbin_auditor
        using (may_read(site));
    create policy own_sites on site_day for select to yingbin_figures, yingbin_auditor
        using (may_read(site));
    create policy own_sites on entry for select to yingbin_auditor using (may_read(site));
    """,
    """
    create table document (
        number bigint primary key,
        site text references site,
        name text not null,
        version int not null,
        valid_from timestamptz not null,
        signed text not null,
        published_at timestamptz not null default now()
    );
    create index document_of_site on document (site, number);
    alter table office add column documents_key text not null default '';
    alter table site add column documents_through bigint not null default 0;
    grant select (documents_through) on site to yingbin_figures, yingbin_auditor;
    """,
    """
    alter table site add column recipient text not null default '';
    create table erasure (
        erasure_id text not null,
        site text not null references site,
        ordered_at timestamptz not null,
        signed text not null,
        primary key (erasure_id, site)
    );
    create index erasure_of_site on erasure (site);
    create index entry_of_erasures on entry (subject) where kind in ('erasure_taken', 'erased');
    """,
    """
    alter table site add column backup_at timestamptz;
    alter table site add column reported_at timestamptz;
    grant select (backup_at, reported_at) on site to yingbin_figures, yingbin_auditor;
    create table site_channel (
        site text not null references site,
        channel text not null,
        entered int not null,
        received int not null,
        primary key (site, channel)
    );
    grant select on site_channel to yingbin_figures, yingbin_auditor;
    alter table site_channel enable row level security;
    create policy own_sites on site_channel for select to yingbin_figures, yingbin_auditor
        using (may_read(site));
    """,
    """
    create table group_key (
        site text not null references site,
        key_id text not null,
        signed text not null,
        primary key (site, key_id)
    );
    create table known_phone (
        key_id text not null,
        hash bytea not null,
        site text not null references site,
        since date not null,
        run bigint not null,
        primary key (key_id, hash, site)
    );
    create index known_phone_of_site on known_phone (site, key_id);
    """,
    """
    alter table site add column company text not null default '';
    create table site_conduct (
        site text not null references site,
        day date not null,
        what text not null,
        count bigint not null,
        primary key (site, day, what)
    );
    create index site_conduct_by_day on site_conduct (day);
    grant select on site_conduct to yingbin_figures, yingbin_auditor;
    alter table site_conduct enable row level security;
    create policy own_sites on site_conduct for select to yingbin_figures, yingbin_auditor
        using (may_read(site));
    create table document_refused (
        site text not null references site,
        number bigint not null,
        name text not null,
        version int not null,
        problem text not null,
        told_at timestamptz not null,
        primary key (site, number)
    );
    grant select on document_refused to yingbin_figures, yingbin_auditor;
    alter table document_refused enable row level security;
    create policy own_sites on document_refused for select to yingbin_figures, yingbin_auditor
        using (may_read(site));
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
