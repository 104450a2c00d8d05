-- What an organisation's list and its search by recipient walk, newest first.
create index emails_by_organisation on emails (organisation_id, accepted_at desc, id desc);
create index recipients_by_address on recipients (lower(address), accepted_at desc);
