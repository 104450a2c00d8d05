-- History: a projection of the streams MAIL and EVENTS, one partition per day of acceptance.
-- No foreign keys: retention drops whole days, and the projection is the only writer.

create table emails (
    id              bigint not null,
    accepted_at     timestamptz not null,
    organisation_id bigint not null,
    domain_id       bigint not null,
    token_id        bigint not null,
    domain          text not null,
    source          text not null,
    header_from     text not null,
    reverse_path    text,
    message_id      text not null,
    subject         text,
    tags            text[] not null,
    size            integer not null,
    blob_key        text,
    mail_partition  integer not null,
    mail_sequence   bigint not null,
    primary key (id, accepted_at)
) partition by range (accepted_at);

create index emails_by_domain on emails (domain_id, accepted_at desc);

create table recipients (
    email_id         bigint not null,
    accepted_at      timestamptz not null,
    ordinal          integer not null,
    address          text not null,
    kind             text not null,
    job_number       integer not null,
    state            text not null,
    -- The last attempt whose outcome is recorded; 0 before the first.
    attempt          integer not null default 0,
    state_at         timestamptz not null,
    next_attempt_at  timestamptz,
    -- The latest of: accepted, last event of the job, next attempt due. Long after it, an open job may be lost.
    last_sign_at     timestamptz not null,
    redrives         integer not null default 0,
    reply_code       integer,
    reply_enhanced   text,
    reply_text       text,
    primary key (email_id, ordinal, accepted_at)
) partition by range (accepted_at);

-- What the reconciler walks: open jobs by silence. A job scheduled for tomorrow stands at its end and costs nothing today.
create index recipients_open on recipients (last_sign_at, email_id) where state in ('queued', 'deferred');

create table delivery_attempts (
    email_id        bigint not null,
    accepted_at     timestamptz not null,
    job_number      integer not null,
    attempt         integer not null,
    kind            text not null,
    at              timestamptz not null,
    -- The recipient; absent for what concerns the whole job.
    ordinal         integer,
    state           text,
    reply_code      integer,
    reply_enhanced  text,
    reply_text      text,
    remote_host     text,
    remote_address  text,
    tls             text,
    duration_ms     integer not null,
    next_attempt_at timestamptz,
    reason          text
) partition by range (accepted_at);

create index delivery_attempts_by_email on delivery_attempts (email_id, job_number, attempt);

create table email_contents (
    email_id    bigint not null,
    accepted_at timestamptz not null,
    content     bytea compression lz4 not null,
    primary key (email_id, accepted_at)
) partition by range (accepted_at);

-- How far each stream is projected; moved in the transaction that projects.
create table projection_cursors (
    stream            text primary key,
    sequence          bigint not null,
    -- A stream that was created anew starts its sequences anew.
    stream_created_at timestamptz not null,
    moved_at          timestamptz not null
);
