"""Recomputes one-way tokens from docs/token-format.md with the standard library only.

Reads tests/data/tokens.json on standard input, prints one token a line for each one-way case.
"""

import hashlib
import hmac
import ipaddress
import json
import sys

SYMBOLS = "0123456789abcdefghijklmnopqrstuv"
GROUPS = {"ip": "network", "mac": "network", "email": "contact", "phone": "contact",
          "card": "payment", "iban": "payment", "imei": "device", "uuid": "device",
          "cookie": "secret", "username": "identity", "gps": "location", "query": "content"}


def expand(key, fields, length):
    info = b"".join(len(f).to_bytes(2, "big") + f for f in [b"logveil/v1", *fields])
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def siphash24(key, data):
    mask = (1 << 64) - 1
    k0, k1 = (int.from_bytes(key[i:i + 8], "little") for i in (0, 8))
    v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573]

    def rotate(x, b):
        return (x << b | x >> (64 - b)) & mask

    def rounds(count):
        for _ in range(count):
            v[0] = (v[0] + v[1]) & mask
            v[1] = rotate(v[1], 13) ^ v[0]
            v[0] = rotate(v[0], 32)
            v[2] = (v[2] + v[3]) & mask
            v[3] = rotate(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & mask
            v[3] = rotate(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & mask
            v[1] = rotate(v[1], 17) ^ v[2]
            v[2] = rotate(v[2], 32)

    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 255])
    for i in range(0, len(padded), 8):
        word = int.from_bytes(padded[i:i + 8], "little")
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 255
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def base32hex(data):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(SYMBOLS[int(bits[i:i + 5], 2)] for i in range(0, len(bits), 5))


def canonical(code, value):
    if code == "ip":
        address = ipaddress.ip_address(value.split("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        return (mapped or address).packed
    if code in ("mac", "uuid"):
        return bytes.fromhex("".join(c for c in value if c in "0123456789abcdefABCDEF"))
    if code == "email":
        local, domain = value.rsplit("@", 1)
        return (local.lower() + "@").encode() + domain.lower().encode("idna")
    if code == "phone":
        digits = "".join(c for c in value if c.isdigit())
        if "+" in value:
            return b"+" + digits.encode()
        return b"+" + digits[2:].encode() if digits.startswith("00") else digits.encode()
    if code in ("card", "imei"):
        return "".join(c for c in value if c.isdigit()).encode()
    if code == "iban":
        return "".join(c for c in value if c.isalnum()).upper().encode()
    return value.encode()


def token(secret, kid, tenant, audience, code, value, bits):
    group = expand(secret, [b"group", GROUPS[code].encode()], 32)
    key = expand(group, [b"one-way", code.encode(), tenant.encode(), audience.encode()], 32)
    mac = hmac.new(key, canonical(code, value), hashlib.sha256).digest()[:bits // 8]
    text = f"{code}_h{kid}_{base32hex(mac)}"
    check = siphash24(expand(group, [b"check"], 16), text.encode())
    return text + "".join(SYMBOLS[check >> shift & 31] for shift in (15, 10, 5, 0))


golden = json.load(sys.stdin)
for case in golden["tokens"]:
    if case["form"] == "one-way":
        code = case["token"].split("_")[0]
        print(token(bytes.fromhex(golden["secret"]), golden["kid"], case["tenant"], case["audience"],
                    code, case["value"], 128 if code == "card" else 80))
