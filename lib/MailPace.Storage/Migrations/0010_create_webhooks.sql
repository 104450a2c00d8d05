-- Webhook endpoints, what signs for them, and every attempt to post an event.
alter table organisations add column contact_address text;

create table webhook_keys (
    domain_id          bigint primary key references domains (id),
    -- Raw 32 bytes of the Ed25519 key, base64: customers verify with it.
    public_key         text not null,
    sealed_private_key text not null,
    created_at         timestamptz not null
);

create table webhook_endpoints (
    id            bigint generated always as identity primary key,
    domain_id     bigint not null references domains (id),
    url           text not null,
    events        text[] not null,
    sealed_secret text not null,
    created_at    timestamptz not null,
    modified_at   timestamptz not null,
    -- Since when no attempt succeeded, and how many failed since.
    failing_since timestamptz,
    failures      integer not null default 0,
    paused_at     timestamptz,
    paused_reason text,
    -- When the owner was told that it was paused.
    notified_at   timestamptz,
    removed_at    timestamptz
);
create index webhook_endpoints_by_domain on webhook_endpoints (domain_id) where removed_at is null;

create table webhook_attempts (
    at              timestamptz not null,
    endpoint_id     bigint not null,
    email_id        bigint not null,
    event_id        text not null,
    event           text not null,
    attempt         integer not null,
    replay_id       text,
    -- Absent where no answer came; then the fault says why.
    status          integer,
    fault           text,
    duration_ms     integer not null,
    response        text,
    next_attempt_at timestamptz
) partition by range (at);
create index webhook_attempts_by_endpoint on webhook_attempts (endpoint_id, at desc);
create index webhook_attempts_by_email on webhook_attempts (email_id, endpoint_id);
