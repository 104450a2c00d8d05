-- What the Domains API shows beside the name.
alter table domains
    add column url          text,
    -- The operator takes DKIM for published: no look at DNS takes that back.
    add column dkim_vouched boolean not null default false;

-- What of a secret may be shown after the first time: its last characters. Absent for tokens of the version before.
alter table api_tokens add column hint text;
create index domains_by_organisation on domains (organisation_id, created_at, id);
