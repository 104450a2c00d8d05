-- EVENTS may hold an event twice; history holds it once. A version before this one that meets a repeat waits for its successor.
delete from delivery_attempts a
using delivery_attempts b
where a.tableoid = b.tableoid and a.ctid > b.ctid
  and a.email_id = b.email_id and a.accepted_at = b.accepted_at and a.job_number = b.job_number and a.attempt = b.attempt
  and a.kind = b.kind and a.at = b.at and a.ordinal is not distinct from b.ordinal;

create unique index delivery_attempts_once on delivery_attempts (email_id, job_number, attempt, kind, at, ordinal, accepted_at) nulls not distinct;
drop index delivery_attempts_by_email;
