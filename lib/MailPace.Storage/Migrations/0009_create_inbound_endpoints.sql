-- Where mail to a customer's inbound host goes.

create table inbound_endpoints (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references organisations (id),
    -- The domain that the host is, or is under: its verification is the host's.
    domain_id       bigint not null references domains (id),
    host            text not null unique check (host = lower(host)),
    url             text not null,
    created_at      timestamptz not null
);

create index inbound_endpoints_by_domain on inbound_endpoints (domain_id);
