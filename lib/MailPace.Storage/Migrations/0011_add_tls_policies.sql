-- What was demanded of TLS in each attempt, and the sessions of each day for the reports to domains (RFC 8460).
alter table delivery_attempts add column tls_policy text;

create table tls_sessions (
    day      date not null,
    -- Whose mail it was, and who gets the report.
    domain   text not null,
    -- SHA-256 of the session, which is too long for an index.
    key      bytea not null,
    session  text not null,
    sessions bigint not null,
    primary key (day, domain, key)
);
