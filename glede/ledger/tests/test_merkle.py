"""The tree is that of RFC 6962: the reference vectors, a naive tree, and every proof that was tampered with."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glede.ledger import merkle
from glede.ledger.merkle import Frontier, Tree, is_consistent, is_included
from tests.depth import count

# Inputs and roots of the Certificate Transparency reference tests: google/certificate-transparency,
# cpp/merkletree/merkle_tree_test.cc (Apache-2.0); the same stand in transparency-dev/merkle, testonly/constants.go.
INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(number):
    return [hashlib.sha256(b"\x00" + bytes([i % 256, i // 256])).digest() for i in range(number)]


def naive(hashes):
    """RFC 6962, 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + naive(hashes[:k]) + naive(hashes[k:])).digest()


def naive_path(m, hashes):
    """RFC 6962, 2.1.1."""
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*naive_path(m, hashes[:k]), naive(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive(hashes[:k])]


def naive_consistency(m, hashes, is_whole=True):
    """RFC 6962, 2.1.2."""
    if m == len(hashes):
        return [] if is_whole else [naive(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return [*naive_consistency(m, hashes[:k], is_whole), naive(hashes[k:])]
    return [*naive_consistency(m - k, hashes[k:], False), naive(hashes[:k])]


def test_the_published_vectors():
    frontier, hashed = Frontier(), []
    assert frontier.root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for text, root in zip(INPUTS, ROOTS, strict=True):
        hashed.append(hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest())
        frontier.append(hashed[-1])
        assert frontier.root().hex() == Tree(hashed).root(len(hashed)).hex() == root


@given(st.integers(1, 200), st.data())
@settings(max_examples=count(400), deadline=None)
def test_every_proof_is_the_naive_one_and_verifies(size, data):
    hashes = leaves(size)
    tree, index, first = Tree(hashes), data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root, path, proof = tree.root(size), tree.inclusion(index, size), tree.consistency(first, size)
    assert root == naive(hashes)
    assert path == naive_path(index, hashes)
    assert proof == naive_consistency(first, hashes)
    assert is_included(hashes[index], index, size, path, root)
    assert is_consistent(first, size, proof, tree.root(first), root)


@given(st.integers(2, 120), st.data())
@settings(max_examples=count(400), deadline=None)
def test_a_proof_of_anything_else_fails(size, data):
    hashes = leaves(size)
    tree, index = Tree(hashes), data.draw(st.integers(0, size - 1))
    first = data.draw(st.integers(1, size - 1))
    root, path, proof = tree.root(size), tree.inclusion(index, size), tree.consistency(first, size)
    wrong = hashlib.sha256(b"another").digest()
    where = data.draw(st.integers(0, len(path) - 1))
    bent = [*path[:where], wrong, *path[where + 1 :]]
    assert not is_included(wrong, index, size, path, root)
    assert not is_included(hashes[index], index, size, bent, root)
    assert not is_included(hashes[index], index, size, path[:-1], root)
    assert not is_included(hashes[index], index, size, [*path, wrong], root)
    assert not is_included(hashes[index], (index + 1) % size, size, path, root)
    assert not is_consistent(first, size, proof, wrong, root)
    assert not is_consistent(first, size, proof, tree.root(first), wrong)
    assert not is_consistent(first, size, [*proof, wrong], tree.root(first), root)
    assert not is_consistent(first, size, proof[:-1], tree.root(first), root)


def test_every_beginning_of_one_tree():
    hashes = leaves(40)
    tree = Tree(hashes)
    for size in range(1, 41):
        assert tree.root(size) == naive(hashes[:size])
        assert all(tree.inclusion(i, size) == naive_path(i, hashes[:size]) for i in range(size))
        assert all(tree.consistency(f, size) == naive_consistency(f, hashes[:size]) for f in range(1, size + 1))


def test_a_frontier_goes_on_from_what_was_kept_and_costs_what_is_new(monkeypatch):
    hashes, hashed = leaves(1000), []
    frontier = Frontier()
    frontier.extend(hashes[:900])
    again = merkle.frontier_of(900, frontier.kept())
    plain = merkle.node

    def counted(left, right):
        hashed.append(1)
        return plain(left, right)

    monkeypatch.setattr(merkle, "node", counted)
    again.extend(hashes[900:])
    root = again.root()
    assert len(hashed) <= 100 + 10 + 10  # one a new leaf, and the heights of the tree
    assert root == naive(hashes)


def test_what_is_no_frontier_is_refused():
    with pytest.raises(ValueError, match="no frontier"):
        merkle.frontier_of(3, bytes(32))
