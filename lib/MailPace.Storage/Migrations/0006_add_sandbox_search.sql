-- What the sandbox's filters look in, in upper case by Unicode's rules and not by those of the database's locale.
-- Absent in rows of the version before.
alter table sandbox_messages
    add column search_to      text,
    add column search_subject text;
