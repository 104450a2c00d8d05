-- What the reconciler must remember over a restart.
create table reconciler_state (
    name       text primary key,
    value      text not null,
    changed_at timestamptz not null
);

-- What the sandbox MX received; bounded by count and age.
create table sandbox_messages (
    id           bigint generated always as identity primary key,
    received_at  timestamptz not null,
    reverse_path text not null,
    recipients   text[] not null,
    header_to    text,
    subject      text,
    raw          bytea compression lz4 not null
);

create index sandbox_messages_by_time on sandbox_messages (received_at);
