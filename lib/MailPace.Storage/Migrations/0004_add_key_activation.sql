-- A new key is prepared: it signs only after its TXT record is published and someone activates it.
-- The default is for the version that still runs while this is applied: its keys sign at once.
alter table dkim_keys add column activated_at timestamptz default now();
update dkim_keys set activated_at = created_at;
