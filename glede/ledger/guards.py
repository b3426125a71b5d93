"""What PostgreSQL itself guards in the record: the head, the order and the hashes of the chain.

The application's role may append events and nothing else. It has no right on the head: taking it
(a row lock) and moving it are functions that run as the owner. Whoever appends by hand must still
follow on from the head with a true hash, or the statement fails.
"""

from glede.practices.walls import application_role

TAKE_HEAD = """
create function ledger_take_head(p uuid, fresh uuid) returns table (seq bigint, hash bytea, clock varchar)
language plpgsql security definer set search_path = public as $$
begin
  insert into ledger_head (id, practice_id, seq, hash) values (fresh, p, 0, decode(repeat('00', 32), 'hex'))
    on conflict do nothing;
  return query select h.seq, h.hash, o.clock from ledger_head h join outside_practice o on o.id = h.practice_id
    where h.practice_id = p for update of h;
end $$;
"""

FOLLOW_ON = """
create function ledger_follow_on() returns trigger
language plpgsql security definer set search_path = public as $$
declare p uuid; head record; last record; wrong bigint;
begin
  for p in select distinct n.practice_id from fresh n loop
    select h.seq, h.hash into head from ledger_head h where h.practice_id = p for update;
    select n.seq into wrong from (
      select e.seq, e.hash, e.prev, e.body,
        lag(e.hash, 1, head.hash) over (order by e.seq) as before,
        head.seq + row_number() over (order by e.seq) as place
      from fresh e where e.practice_id = p) n
    where n.seq <> n.place or n.prev <> n.before
      or n.hash <> sha256(n.prev || sha256('\\x00'::bytea || uuid_send(p) || int8send(n.seq) || n.body))
    order by n.seq limit 1;
    if wrong is not null then
      raise exception 'event % does not follow on from the head of its ledger', wrong using errcode = '23514';
    end if;
    select e.seq, e.hash into last from fresh e where e.practice_id = p order by e.seq desc limit 1;
    update ledger_head h set seq = last.seq, hash = last.hash where h.practice_id = p;
  end loop;
  return null;
end $$;
"""

TRIGGER = """
create trigger follow_on after insert on ledger_event referencing new table as fresh
  for each statement execute function ledger_follow_on();
"""


def chain_guards() -> str:
    """Return the SQL that sets these guards up."""
    role = application_role()
    rights = f"revoke all on ledger_head from {role}; grant select on ledger_head to {role};"
    return TAKE_HEAD + FOLLOW_ON + TRIGGER + rights
