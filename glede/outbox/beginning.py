"""One statement for the moment before a call: what was, is told; what comes, begins, if the fence still holds.

A function of the database, so that each message costs one round trip and one commit. It runs with the rights of
whoever calls it and sees the practice it is given and no other, as inside any transaction of that practice.
"""

FUNCTION = """
create function outbox_begin(
  practice uuid, message uuid, its_fence int, moment timestamptz, begun_id uuid, unguarded boolean,
  told_id uuid, before uuid, before_fence int, before_at timestamptz, before_outcome text, why text, provider text,
  said text
) returns boolean language plpgsql as $$
begin
  perform set_config('glede.practices', practice::text, true);
  if before is not null then
    insert into outbox_attempt
      (id, practice_id, message_id, kind, fence, at, outcome, reason, provider_id, request_hash, words)
    values (told_id, practice, before, 'outcome', before_fence, before_at, before_outcome, why, provider, '', said);
  end if;
  -- The share lock makes whoever takes the lease away wait for this commit, or this one see that it is gone.
  perform 1 from outbox_message m
    where m.practice_id = practice and m.id = message
      and (unguarded or (m.state = 'sending' and m.fence = its_fence and m.lease_until > moment))
    for share;
  if not found then
    return false;
  end if;
  insert into outbox_attempt
    (id, practice_id, message_id, kind, fence, at, outcome, reason, provider_id, request_hash, words)
  values (begun_id, practice, message, 'begun', its_fence, moment, '', '', '', '', '');
  return true;
end $$
"""
ROOM_TO_CHANGE = "alter table outbox_touch set (fillfactor = 75)"
"""A touch closes in place, on the page it stands on, without a new entry in any index."""

CALL = "select outbox_begin(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
