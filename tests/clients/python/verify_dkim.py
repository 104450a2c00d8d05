"""Verifies every DKIM signature of a message with dkimpy. The keys come from a file of "name value" lines, in place of DNS.

usage: verify_dkim.py KEYS MESSAGE; prints "selector algorithm pass|fail" for each signature.
"""
import re
import sys

import dkim

keys = dict(line.rstrip("\n").split(" ", 1) for line in open(sys.argv[1], encoding="ascii"))
message = open(sys.argv[2], "rb").read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def txt(name, timeout=5):
    return keys[name.decode("ascii").rstrip(".")].encode("ascii")


verifier = dkim.DKIM(message)
signatures = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
for index, signature in enumerate(signatures):
    tags = {k.strip(): re.sub(rb"\s+", b"", v) for k, _, v in (t.partition(b"=") for t in signature.split(b";"))}
    passed = verifier.verify(index, dnsfunc=txt)
    print(tags[b"s"].decode(), tags[b"a"].decode(), "pass" if passed else "fail")
