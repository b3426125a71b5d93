"""Signed checkpoints: what somebody with the database but without the key and the file cannot hide.

Each attack has its control: with the guard removed it is not seen.
"""

import hashlib
import json

import psycopg
import pytest

from glede.config import postgres
from glede.kernel import failpoints
from glede.kernel.ids import new_id
from glede.kernel.ref import Ref
from glede.ledger import chain, checkpoints, merkle, notes, outside, queries
from glede.ledger.models import Checkpoint, Event, Tile
from glede.ledger.operations import make_checkpoint
from glede.ledger.tests.test_ledger import NOW, a_practice, book
from glede.practices import scope


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.GLEDE_HOME = tmp_path
    return tmp_path / "checkpoints"


def grown(times=3, events=2):
    """Return a practice with as many checkpoints, each over a few events more, the notes carried out."""
    practice_id = a_practice()
    for _ in range(times):
        grow(practice_id, events)
    return practice_id


def grow(practice_id, events=2):
    for _ in range(events):
        book(practice_id, Ref("appointment", new_id()))
    assert make_checkpoint(practice_id, at=NOW)
    outside.carry_out(practice_id)


def found(practice_id):
    """Return every problem, inside and outside."""
    return queries.verify(practice_id).problems + outside.differences(practice_id)[0]


def lines(practice_id):
    return outside.path_of(practice_id).read_text().splitlines(keepends=True)


def tamper(cluster, name, *statements):
    with psycopg.connect(cluster.url(postgres.SUPERUSER, name)) as superuser:
        superuser.execute("set session_replication_role = replica")
        for statement, *values in statements:
            superuser.execute(statement, values)


@pytest.mark.django_db
class TestGrowing:
    def test_each_covers_all_so_far_and_names_the_one_before(self):
        practice_id = grown()
        assert not make_checkpoint(practice_id, at=NOW)
        assert found(practice_id) == []
        with scope.transaction(practice_id):
            rows = list(Checkpoint.objects.order_by("number"))
            bodies = Event.objects.order_by("seq").values_list("seq", "body")
            leaves = [chain.leaf(practice_id, seq, bytes(body)) for seq, body in bodies]
        assert [row.number for row in rows] == [1, 2, 3]
        assert rows[-1].size == len(leaves)
        assert notes.read(rows[1].note).before == hashlib.sha256(rows[0].note.encode()).digest()
        assert len(lines(practice_id)) == 3

    def test_a_whole_tile_is_kept_once_wherever_the_checkpoints_fall(self, monkeypatch):
        monkeypatch.setattr(checkpoints, "TILE", 4)
        practice_id = grown(times=4, events=3)
        with scope.transaction(practice_id):
            rows = list(Tile.objects.order_by("number").values_list("number", "root"))
            leaves = list(checkpoints.leaves(practice_id, after=0))
        tree = merkle.Tree
        assert len(rows) == len(leaves) // 4
        assert all(bytes(root) == tree(leaves[4 * n : 4 * n + 4]).root(4) for n, root in rows)

    def test_a_key_that_was_changed_is_still_believed_and_a_strangers_is_not(self, settings):
        settings.GLEDE_CHECKPOINT_KEY = "the first"
        practice_id = grown(times=1)
        settings.GLEDE_CHECKPOINT_KEY = "the second,the first"
        grow(practice_id)
        assert found(practice_id) == []
        settings.GLEDE_CHECKPOINT_KEY = "the second"
        assert "line 1 of the file of checkpoints bears no signature of this house" in found(practice_id)

    def test_a_line_that_a_crash_cut_off_is_written_again(self):
        practice_id = grown()
        whole = outside.path_of(practice_id).read_bytes()
        outside.path_of(practice_id).write_bytes(whole[:-20])
        assert found(practice_id) == ["checkpoint 3 is in the database but not in the file"]
        assert outside.carry_out(practice_id) == 1
        assert outside.path_of(practice_id).read_bytes() == whole

    def test_a_practice_does_not_see_anothers(self):
        ours, theirs = grown(times=1), a_practice("Nordlys Øye")
        assert not outside.path_of(theirs).exists()
        with scope.transaction(theirs):
            assert not Checkpoint.objects.filter(practice_id=ours).exists()

    @pytest.mark.parametrize("text", ["", "glede", "glede record checkpoint 1\nnumber 1\n", "a b c d\npractice x\n"])
    def test_what_is_no_note_is_refused(self, text):
        with pytest.raises(ValueError):
            notes.read(text)


CUT = [
    ["delete from ledger_event where seq > %s", 4],
    ["update ledger_subject set seq = 0 where seq > %s", 4],
    ["update ledger_head h set seq = e.seq, hash = e.hash from ledger_event e where e.seq = %s", 4],
]
# attack → what is done to a database of three checkpoints (over 3, 5 and 7 events), and what is named
ATTACKS = {
    "one byte": (
        [["update ledger_event set body = set_byte(body, 9, get_byte(body, 9) # 1) where seq = %s", 4]],
        "event 4 was changed after it was written",
        "events 4 to 5 are not those that checkpoint 2 was made of",
    ),
    "one event removed": (
        [["delete from ledger_event where seq = %s", 4]],
        "event 4 is missing (found 5)",
        "events 4 to 6 are not those that checkpoint 2 was made of",
    ),
    "the last events cut off": (CUT, "checkpoint 2 covers 5 events, but the record ends at event 4", None),
    "the last events cut off with their checkpoints": (
        [*CUT, ["delete from ledger_checkpoint where number > %s", 1]],
        "is in the file but not in the database",
        None,
    ),
    "a checkpoint deleted": (
        [["delete from ledger_checkpoint where number = %s", 2]],
        "checkpoint 2 is missing in the database",
        None,
    ),
    "a checkpoint changed": (
        [["update ledger_checkpoint set note = replace(note, 'number 2', 'number 9') where number = %s", 2]],
        "checkpoint 2 was changed after it was written",
        None,
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_the_database_is_named(own_database, cluster, name):
    practice_id = grown()
    statements, first, second = ATTACKS[name]
    tamper(cluster, own_database, *statements)
    problems = found(practice_id)
    assert any(first in problem for problem in problems), problems
    assert second is None or any(second.split(" are")[1] in problem for problem in problems), problems


def rewrite(cluster, name, practice_id, *, signs):
    """Recompute the whole chain with one event left out, and its checkpoints too: signed with another key or not."""
    with scope.transaction(practice_id):
        bodies = [bytes(b) for b in Event.objects.order_by("seq").values_list("body", flat=True)]
    del bodies[3]
    links = list(chain.link_up(practice_id, 0, chain.GENESIS, bodies))
    with psycopg.connect(cluster.url(postgres.SUPERUSER, name)) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("delete from ledger_event where seq = 4")
        superuser.execute("update ledger_event set seq = -seq where seq > 4")
        superuser.execute("update ledger_event set seq = -seq - 1 where seq < 0")
        for link in links:
            sql = "update ledger_event set prev = %s, hash = %s where seq = %s"
            superuser.execute(sql, [link.prev, link.hash, link.seq])
        superuser.execute("update ledger_head set seq = %s, hash = %s", [links[-1].seq, links[-1].hash])
        superuser.execute("update ledger_subject set seq = 0")
        if signs:
            _forge(superuser, practice_id, [chain.leaf(practice_id, link.seq, link.body) for link in links])


def _forge(superuser, practice_id, leaves):
    superuser.execute("delete from ledger_checkpoint where number > 1")
    frontier = merkle.Frontier()
    frontier.extend(leaves)
    note = notes.Note("checkpoint", practice_id, 1, len(leaves), frontier.root(), NOW, notes.NOTHING)
    sql = "update ledger_checkpoint set size = %s, root = %s, at = %s, note = %s, frontier = %s, signature = %s"
    superuser.execute(sql, [note.size, note.root, NOW, note.text(), frontier.kept(), bytes(64)])


def test_a_whole_chain_recomputed_is_named_by_the_tree(own_database, cluster):
    practice_id = grown()
    rewrite(cluster, own_database, practice_id, signs=False)
    problems = found(practice_id)
    assert problems[0] == "events 4 to 5 are not those that checkpoint 2 was made of"
    failpoints.remove_guards("checkpoint_root")
    try:
        assert problems[0] not in found(practice_id)
    finally:
        failpoints.remove_guards()


def test_with_its_checkpoints_forged_it_lacks_the_signature_and_differs_from_the_file(own_database, cluster):
    practice_id = grown()
    rewrite(cluster, own_database, practice_id, signs=True)
    assert queries.verify(practice_id).ok  # nothing inside the database tells
    problems = outside.differences(practice_id)[0]
    assert "checkpoint 1 bears no signature of this house" in problems
    assert "checkpoint 1 in the database is not the one in the file" in problems
    try:
        failpoints.remove_guards("record_signature")
        assert "checkpoint 1 bears no signature of this house" not in found(practice_id)
        failpoints.remove_guards("record_file")
        assert found(practice_id) == []
    finally:
        failpoints.remove_guards()
    with pytest.raises(checkpoints.RecordDiffers):
        outside.carry_out(practice_id)
    book(practice_id, Ref("appointment", new_id()))
    with pytest.raises(checkpoints.RecordDiffers):
        make_checkpoint(practice_id, at=NOW)


@pytest.mark.django_db
class TestTheFile:
    def test_a_line_removed_is_named(self):
        practice_id = grown()
        first, _, third = lines(practice_id)
        outside.path_of(practice_id).write_text(first + third)
        problems = found(practice_id)
        assert "a line is missing before line 2 of the file of checkpoints" in problems
        assert "checkpoint 2 is in the database but not in the file" in problems

    def test_a_line_changed_is_named(self):
        practice_id = grown()
        first, second, third = lines(practice_id)
        facts = json.loads(second)
        bent = json.dumps({**facts, "note": facts["note"].replace("number 2", "number 3")}) + "\n"
        outside.path_of(practice_id).write_text(first + bent + third)
        assert "line 2 of the file of checkpoints bears no signature of this house" in found(practice_id)
        outside.path_of(practice_id).write_text(first + "{}\n" + third)
        assert "line 2 of the file of checkpoints cannot be read" in found(practice_id)

    def test_carrying_out_checks_what_it_ends_with_and_verifying_checks_each_line(self, monkeypatch):
        practice_id, checked, is_ours = grown(times=6, events=1), [], notes.is_ours

        def watched(signed):
            checked.append(signed)
            return is_ours(signed)

        monkeypatch.setattr(notes, "is_ours", watched)
        assert outside.carry_out(practice_id) == 0
        assert len(checked) == 1
        checked.clear()
        assert outside.differences(practice_id) == ([], [])
        assert len(checked) == 6 + 6  # the lines, and the rows of the database

    @pytest.mark.parametrize("step", [1, 7, 400, 4096])
    def test_its_end_is_found_wherever_the_reading_stops(self, monkeypatch, step):
        monkeypatch.setattr(outside, "_STEP", step)
        practice_id = grown()
        whole, kept = outside.path_of(practice_id).read_bytes(), lines(practice_id)
        for left in (b"", b"{}\n", b"half a line", whole[:50]):
            outside.path_of(practice_id).write_bytes(whole + left)
            assert outside.carry_out(practice_id) == 0
        outside.path_of(practice_id).write_bytes(b"".join(line.encode() for line in kept[:2]) + b"half")
        assert outside.carry_out(practice_id) == 1
        assert outside.path_of(practice_id).read_bytes() == whole
        outside.path_of(practice_id).write_bytes(b"half")
        assert outside.carry_out(practice_id) == 3
        assert outside.path_of(practice_id).read_bytes() == whole

    def test_the_whole_file_gone_is_named(self):
        practice_id = grown()
        outside.path_of(practice_id).unlink()
        assert len(found(practice_id)) == 3


def test_a_return_to_a_backup_is_told_as_such_and_only_the_key_can_tell_it(own_database, cluster):
    practice_id = grown()
    tamper(cluster, own_database, *CUT, ["delete from ledger_checkpoint where number > %s", 1])
    assert found(practice_id)
    outside.note_return(practice_id, NOW)
    problems, remarks = outside.differences(practice_id)
    assert problems == queries.verify(practice_id).problems == []
    assert remarks == [
        "on 2026-11-24 the database was returned to a backup: 2 checkpoints after event 3 no longer count"
    ]
    grow(practice_id)
    assert found(practice_id) == []
    told = lines(practice_id)
    outside.path_of(practice_id).write_text("".join(told[:3] + told[4:]))
    assert found(practice_id)


def test_a_return_where_nothing_was_signed_since_needs_no_line(own_database):
    practice_id = a_practice()
    outside.note_return(practice_id, NOW)
    grow(practice_id)
    outside.note_return(practice_id, NOW)
    assert len(lines(practice_id)) == 1


@pytest.mark.django_db
class TestACheckpointInAMail:
    def test_it_is_read_back_from_a_mail_that_was_quoted(self):
        practice_id = grown(times=2)
        with scope.transaction(practice_id):
            signed = [checkpoints.signed_of(row) for row in Checkpoint.objects.order_by("number")]
        mail = (
            "Keep this.\n\n> " + "\n> ".join(notes.letter(signed[1]).splitlines()) + "\n\nglede record checkpoint 1\n"
        )
        assert notes.letters(mail) == [signed[1]]
        found, problems, remarks = outside.brought(practice_id, notes.letters(mail))
        assert [note.number for note in found] == [2]
        assert problems == []
        assert len(remarks) == 1

    def test_a_strangers_is_named_and_another_practices_left_out(self, settings):
        practice_id, other = grown(times=1), grown(times=1)
        with scope.transaction(practice_id):
            signed = checkpoints.signed_of(Checkpoint.objects.get())
        assert outside.brought(other, [signed]) == ((), [], [])
        forged = notes.Signed(signed.text, bytes(32), signed.signature)
        assert "no signature of this house" in outside.brought(practice_id, [forged])[1][0]

    def test_it_convicts_a_house_whose_own_file_was_written_anew(self, tmp_path):
        practice_id = grown(times=2)
        note = notes.Note(notes.CHECKPOINT, practice_id, 1, 3, b"x" * 32, NOW, notes.NOTHING)
        found, *_ = outside.brought(practice_id, [notes.sign(note)])
        problems = queries.verify(practice_id, checkpoints.Kept(found, b"")).problems
        assert problems[0] == "events 1 to 3 are not those that checkpoint 1 was made of"
