-- Accounts: the truth of what the bucket "directory" shows to the parts that reach NATS only.

create table organisations (
    id          bigint generated always as identity primary key,
    name        text not null,
    status      text not null default 'active' check (status in ('active', 'no_plan', 'suspended')),
    created_at  timestamptz not null,
    modified_at timestamptz not null
);

create table domains (
    id                bigint generated always as identity primary key,
    organisation_id   bigint not null references organisations (id),
    name              text not null check (name = lower(name)),
    dkim_verified     boolean not null default false,
    advanced_verified boolean not null default false,
    created_at        timestamptz not null,
    modified_at       timestamptz not null,
    unique (organisation_id, name)
);

-- Anyone may claim a name; only the one whose DNS proves it sends for it.
create unique index domains_one_verified_owner on domains (name) where dkim_verified;

create table api_tokens (
    id              bigint generated always as identity primary key,
    organisation_id bigint not null references organisations (id),
    -- Absent for an organisation token.
    domain_id       bigint references domains (id),
    name            text not null,
    -- SHA-256 of the secret in hex; the secret is shown once and kept nowhere.
    secret_hash     text not null unique,
    created_at      timestamptz not null,
    revoked_at      timestamptz
);

create index api_tokens_by_domain on api_tokens (domain_id);
create index api_tokens_by_organisation on api_tokens (organisation_id);

create table dkim_keys (
    id                 bigint generated always as identity primary key,
    domain_id          bigint not null references domains (id),
    selector           text not null,
    algorithm          text not null check (algorithm in ('rsa_sha256', 'ed25519_sha256')),
    public_key         text not null,
    -- PKCS#8, sealed with AES-256-GCM; the key-encryption key is not in the database.
    sealed_private_key text not null,
    created_at         timestamptz not null,
    -- A retired key signs no more; its record stays until its TXT record may go.
    retired_at         timestamptz,
    unique (domain_id, selector)
);

create table suppressions (
    domain_id  bigint not null references domains (id),
    address    text not null check (address = lower(address)),
    reason     text not null,
    created_at timestamptz not null,
    primary key (domain_id, address)
);

-- Changes on their way to the bucket, written in the transaction that makes them. A row goes when the bucket has it.
create table directory_outbox (
    id         bigint generated always as identity primary key,
    key        text not null,
    -- Absent: the key is deleted.
    value      text,
    created_at timestamptz not null
);
