-- What a reply was found to mean: whose fault, why, for how long. Absent for positive replies and in rows of versions before.
alter table recipients
    add column fault_owner      text,
    add column fault_reason     text,
    add column fault_permanence text;
alter table delivery_attempts
    add column fault_owner      text,
    add column fault_reason     text,
    add column fault_permanence text;
