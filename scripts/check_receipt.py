#!/usr/bin/env python3
"""Check the receipt of a booking. Needs Python 3.8 or newer and nothing else; asks nobody on the net.

    python3 check_receipt.py receipt.json [FINGERPRINT]

FINGERPRINT is the practice's key as they gave it to you by another way: on paper, by phone. With it you know who
signed; without it you know only that one key signed all of this. Its gaps do no harm. Exit 0: whole. Exit 1: not.
"""

import hashlib
import json
import sys

# Ed25519 as in RFC 8032, section 6.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def is_signed(key, text, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    owner, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if owner is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, owner))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


def is_included(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def problems_of(receipt, fingerprint=""):
    """Yield (is it wrong, words) for everything looked at."""
    note, facts = receipt["checkpoint"]["note"], {}
    for line in note.splitlines()[1:]:
        name, _, facts[name] = line.partition(" ")
    key, signature = bytes.fromhex(receipt["checkpoint"]["key"]), bytes.fromhex(receipt["checkpoint"]["signature"])
    print_of = hashlib.sha256(key).hexdigest()[:16]
    yield not is_signed(key, note.encode(), signature), "the checkpoint is signed by the key " + print_of
    if fingerprint:
        yield fingerprint.replace(" ", "").lower() != print_of, "that is the key you were given"
    yield not note.startswith("glede record checkpoint 1\n"), "it is a checkpoint"
    yield facts["practice"] != receipt["practice"], "it is of the same practice"
    yield not receipt["events"], "there are events"
    for event in receipt["events"]:
        yield from problems_of_event(event, receipt, int(facts["size"]), bytes.fromhex(facts["root"]))


def problems_of_event(event, receipt, size, root):
    seq, leaf, words = event["seq"], bytes.fromhex(event["leaf"]), "event {}".format(event["seq"])
    if event["body"] is None:
        words += " (its words are kept back; the practice shows them to you)"
    else:
        practice = bytes.fromhex(receipt["practice"].replace("-", ""))
        body = event["body"].encode()
        words += " {} at {}".format(json.loads(body)["kind"], json.loads(body)["at"])
        yield hashlib.sha256(b"\x00" + practice + seq.to_bytes(8, "big") + body).digest() != leaf, words + ": its bytes"
        yield json.loads(body)["subject"] != ["appointment", receipt["booking"]], words + ": is of this booking"
    if event["path"] is None:
        yield seq <= size, words + ": younger than the checkpoint; ask for the receipt again in five minutes"
    else:
        path = [bytes.fromhex(step) for step in event["path"]]
        yield not is_included(leaf, seq - 1, size, path, root), words + ": is in the signed record"


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    wrong = 0
    try:
        with open(arguments[0], encoding="utf-8") as file:
            for is_wrong, words in problems_of(json.load(file), "".join(arguments[1:])):
                print("WRONG" if is_wrong else "ok   ", words)
                wrong += is_wrong
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print("WRONG this is no receipt that can be read:", type(error).__name__)
        wrong += 1
    print("This receipt is whole." if not wrong else "This receipt is NOT whole: keep the file and ring the practice.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
