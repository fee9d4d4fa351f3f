"""The statements that made the hub's tables, release by release; none is ever changed."""

TABLES: dict[str, tuple[str, dict[str, type]]] = {
    "arrivals": (
        "arrival_id",
        {
            "gate_id": str,
            "plate": str,
            "seen_at": str,
            "received_at": str,
            "late": int,
            "body": str,
        },
    ),
    "check_ins": (
        "check_in_id",
        {"kiosk_id": str, "checked_in_at": str, "received_at": str, "late": int, "body": str},
    ),
    "visits": (
        "visit_id",
        {
            "opened_at": str,
            "arrival_id": str,
            "check_in_id": str,
            "plate": str,
            "phone": str,
            "surname": str,
            "salutation": str,
            "owner_id": str,
            "host_id": str,
            "rule": str,
            "is_turn_used": int,
            "flags": str,
            "why": str,
            "claimed_by": str,
            "claimed_at": str,
        },
    ),
    "alerts": (
        "alert_id",
        {
            "visit_id": str,
            "role": str,
            "staff_id": str,
            "is_host_call": int,
            "expires_at": float,
            "body": str,
            "closed": str,
            "closed_at": str,
        },
    ),
    "registrations": (
        "registration_id",
        {
            "consultant_id": str,
            "registered_at": str,
            "surname": str,
            "salutation": str,
            "phone": str,
        },
    ),
    "rotation": ("consultant_id", {"place": int}),
    "journal": (
        "seq",
        {"at": str, "kind": str, "subject_id": str, "body": str, "previous": str, "hash": str},
    ),
    "rejected": (
        "digest",
        {"received_at": str, "topic": str, "reason": str, "payload": bytes},
    ),
}

INDEXES = (
    ("arrivals", "plate"),
    ("visits", "arrival_id"),
    ("visits", "check_in_id"),
    ("visits", "opened_at"),
    ("alerts", "visit_id"),
    ("alerts", "closed_at"),
    ("registrations", "phone"),
)

HOUSE_RULES = (
    "alter table registrations add column received_at text",
    "alter table registrations add column entry integer not null default 0",
    "alter table registrations add column is_late integer not null default 0",
    "alter table registrations add column is_overruled integer not null default 0",
    "create index registered_plates_by_registration on registered_plates (registration_id)",
    "create index registrations_by_surname on registrations (surname)",
    """create table plate_skeletons
        (skeleton text, plate text, primary key (skeleton, plate)) without rowid""",
    """create virtual table customer_texts using
        fts5(registration_id unindexed, text, tokenize = 'trigram')""",
    "create table look_ups (at text, consultant_id text, phone text, plate text)",
    "create index look_ups_by_at on look_ups (at)",
    "alter table visits add column finished_at text",
    "create index visits_by_phone on visits (phone)",
    "create index visits_by_plate on visits (plate)",
    "alter table rotation add column note text",
    "create table messages (message_id text primary key, received_at text, kind text, body text)",
    "create table snapshots (seq integer primary key, body text)",
    "create index journal_of_policies on journal (seq) where kind = 'policy'",
)

OTHER_VISITORS = (
    """create table service_visits (service_visit_id text primary key, kind text, name text,
        party_size integer, whom text, number text, came_at text, is_told integer)""",
    "create table service_visit_ends (service_visit_id text primary key, left_at text)",
    "create index service_visits_untold on service_visits (came_at) where is_told = 0",
    "create index service_visits_by_came_at on service_visits (came_at)",
)

PERSONS = (
    "create table mentions (name text, seq integer, primary key (name, seq)) without rowid",
    """create table own_pages (page_key text primary key, check_in_id text, opened_at text,
        surname text, salutation text, phone text, plate text)""",
    "create index own_pages_by_check_in on own_pages (check_in_id)",
    """create table erasures (erasure_id text primary key, check_in_id text, phone text,
        plate text, asked_by text, asked_at text, is_doubted integer, done_at text,
        is_swept integer)""",
    "create index erasures_due on erasures (asked_at) where done_at is null",
    "create index erasures_unswept on erasures (done_at) where is_swept = 0",
    "create index erasures_by_check_in on erasures (check_in_id)",
    "create index look_ups_by_phone on look_ups (phone)",
    "create index look_ups_by_plate on look_ups (plate)",
    "create index journal_of_erasures on journal (seq) where kind = 'erased'",
    "alter table journal add column salt text not null default ''",
)


ALERT_LIFE = (
    """create table matters
        (matter_id text primary key, subject text, is_open integer, is_watched integer,
        next_at real, body text)""",
    "create index open_matters_by_time on matters (next_at) where is_open",
    "create index watched_matters on matters (is_watched) where is_watched",
    "create index open_matters_by_subject on matters (subject) where is_open",
    "alter table alerts add column matter_id text",
    "create table cares (visit_id text primary key, due_at real, body text)",
    "create index cares_by_time on cares (due_at) where due_at is not null",
    "create table troubles (gate_id text primary key, problem text)",
)

ALERT_GROUPS = (
    "alter table matters rename to alert_groups",
    "alter table alert_groups rename column matter_id to group_id",
    "alter table alerts rename column matter_id to group_id",
    """update alert_groups
        set body = json_set(json_remove(body, '$.matter_id'), '$.group_id', group_id)""",
)


FIRMER_RULES = (
    "alter table registrations add column is_unreceived integer not null default 0",
    "alter table registrations add column is_held integer not null default 0",
    "alter table registrations add column channel text",
    "alter table registrations add column is_ruling integer not null default 0",
    "create index registrations_held on registrations (consultant_id) where is_held",
    """create table overruled_keys
        (registration_id text, key text, primary key (registration_id, key)) without rowid""",
    "alter table look_ups add column name text",
    """create table looked_up_registrations
        (look_up integer, registration_id text, primary key (look_up, registration_id))
        without rowid""",
    "create index registrations_by_consultant on registrations (consultant_id, received_at)",
    """create table family_links
        (key text, other text, primary key (key, other)) without rowid""",
)

SENDERS = """
    create table senders (name text primary key, ahead_s real,
        is_clock_told integer not null default 0, flooded_at text)"""

UNTOLD_REGISTRATIONS = """
    select registration_id, registered_at, json_object(
        'registration_id', registration_id, 'consultant_id', consultant_id,
        'registered_at', registered_at, 'received_at', received_at, 'entry', entry,
        'phone', phone, 'surname', surname, 'salutation', salutation,
        'is_late', json(iif(is_late, 'true', 'false')),
        'is_overruled', json(iif(is_overruled, 'true', 'false')),
        'plates', json((select json_group_array(plate) from registered_plates as own
            where own.registration_id = registrations.registration_id)))
    from registrations where registration_id not in (
        select subject_id from journal where kind = 'known'
        union select event.value ->> '$.registration.registration_id' from journal,
        json_each(iif(json_valid(body), body, '{}'), '$.events') as event
        where kind = 'step' and event.value ->> 'type' = 'registered')
    order by registration_id"""
"""Rows of which no entry of the journal told, as the body of an entry."""

CONTACTS = """
    create index contacts on messages
        (iif(json_valid(body), body, '{}') ->> '$.staff_id', received_at)
    where kind = 'StaffReport'
        and iif(json_valid(body), body, '{}') ->> '$.registration_id' is not null"""

CASES = (
    """create table cases (case_id text primary key, kind text, opened_at text, phone text,
        is_open integer, told text, body text)""",
    "create index cases_by_opened_at on cases (opened_at)",
    "create index cases_by_kind on cases (kind, opened_at)",
    "create index cases_by_phone on cases (phone) where phone is not null",
    "create index open_cases on cases (opened_at) where is_open",
)

CASE_PICTURES = (
    """create table case_pictures (picture_id text primary key, case_id text, at text, by text,
        content blob)""",
    "create index case_pictures_by_case on case_pictures (case_id, at)",
    "create index case_pictures_by_at on case_pictures (at)",
)

PUBLIC_PARTS = (
    "alter table journal add column form integer not null default 0",
    "alter table journal add column sealed text not null default ''",
)

DUTIES = (
    """create table duties
        (duty_id text primary key, on_day text, next_at real, body text)""",
    "create index duties_by_day on duties (on_day)",
    "create index duties_by_time on duties (next_at) where next_at is not null",
)

KEPT_TIMES = (
    "create table kept_times (starts_at real, ends_at real, is_exclusive integer)",
    "create index kept_times_by_start on kept_times (starts_at)",
    """create trigger one_party_at_a_time before insert on kept_times
        when exists (select 1 from kept_times as other
            where (new.is_exclusive or other.is_exclusive)
            and new.starts_at < other.ends_at and other.starts_at < new.ends_at)
        begin select raise(abort, 'the house is kept for somebody else'); end""",
)
"""The trigger is the constraint: SQLite has none on ranges."""

RECEIVED = """create index visits_received on visits (opened_at)
    where claimed_at is not null and finished_at is not null"""

PLANNED_DAYS = (
    "create index journal_of_planned_days on journal (subject_id) where kind = 'duties_planned'",
    "create index journal_of_days_taken_back on journal (seq) where kind = 'duties_taken_back'",
)

WEATHER = """create index weather on messages (received_at)
    where kind = 'StaffReport'
        and iif(json_valid(body), body, '{}') ->> '$.kind' in ('rain', 'sun', 'fair')"""

EVENT_GUESTS = """create index journal_of_guests on journal (seq)
    where kind in ('PlansImported', 'PlanStep')"""
