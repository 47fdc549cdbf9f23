"""A bad line to a server on this machine's loopback, made in user space: kernels without netem have it too.

    bad-line.py SEED

makes a TUN device and prints the address under which everything that listens on 127.0.0.1 is now reached
over the line. Packets of all kinds are delayed, lost, doubled and reordered below TCP, in both directions.
Each line on standard input sets what happens from now on, and is answered with one line of counters:

    delay=100 jitter=40 loss=20 double=5 reorder=10 cut=0      (milliseconds and per cent; what is not named is 0)

Ends, and takes the device with it, when standard input ends. Needs root and iproute2, nothing else.
"""

import fcntl, heapq, json, os, random, select, struct, subprocess, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
LOOPBACK = bytes((127, 0, 0, 1))


def open_tun():
    """A device of our own; the kernel takes it away with this process."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    made = fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"badline%d", IFF_TUN | IFF_NO_PI))
    name = made[:16].rstrip(b"\0").decode()
    # 198.18.0.0/15 is for tests of networks (RFC 2544): nobody's real addresses.
    net = bytes((198, 18, os.getpid() >> 6 & 255, (os.getpid() & 63) * 4))
    near, far = net[:3] + bytes((net[3] + 1,)), net[:3] + bytes((net[3] + 2,))
    subprocess.check_call(["ip", "address", "add", dotted(near) + "/30", "dev", name])
    subprocess.check_call(["ip", "link", "set", name, "up"])
    # So that packets between the line and 127.0.0.1 are no Martians; for this device only.
    with open(f"/proc/sys/net/ipv4/conf/{name}/route_localnet", "w") as switch:
        switch.write("1")
    return tun, near, far


def dotted(address):
    return ".".join(map(str, address))


def words(data):
    return sum(struct.unpack(f"!{len(data) // 2}H", data))


def corrected(check, old, new):
    """An Internet check sum after some of the bytes under it changed (RFC 1624)."""
    total = (~check & 0xFFFF) + sum(~w & 0xFFFF for w in struct.unpack(f"!{len(old) // 2}H", old)) + words(new)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def carried_over(packet, near, far):
    """The packet as it comes out at the other end, or None when it is not for this line.

    near -> far comes out as far -> 127.0.0.1 and the answer, 127.0.0.1 -> far, as far -> near. So both ends are
    on this machine, and neither needs to know of the line.
    """
    if packet[0] >> 4 != 4 or packet[9] != 6 or packet[16:20] != far:
        return None
    old = packet[12:20]
    new = far + (near if old[:4] == LOOPBACK else LOOPBACK)
    out = bytearray(packet)
    tcp = (packet[0] & 15) * 4
    for at in (10, tcp + 16):
        (check,) = struct.unpack_from("!H", packet, at)
        struct.pack_into("!H", out, at, corrected(check, old, new))
    out[12:20] = new
    return bytes(out)


def main():
    chance = random.Random(int(sys.argv[1]))
    tun, near, far = open_tun()
    print(dotted(far), flush=True)
    line = {}
    counters = {"passed": 0, "lost": 0, "doubled": 0, "reordered": 0, "cut": 0}
    waiting, number, latest = [], 0, 0.0
    heard = b""

    def happens(what):
        return chance.random() * 100 < line.get(what, 0)

    while True:
        rest = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for ready in select.select([tun, 0], [], [], rest)[0]:
            if ready == 0:
                read = os.read(0, 4096)
                if not read:
                    return
                *orders, heard = (heard + read).split(b"\n")
                for order in orders:
                    if order.strip() != b"?":
                        line = {k: float(v) for k, v in (w.split("=") for w in order.decode().split())}
                    print(json.dumps(counters), flush=True)
                continue
            out = carried_over(os.read(tun, 65536), near, far)
            if out is None:
                continue
            if line.get("cut", 0):
                counters["cut"] += 1
                continue
            if happens("loss"):
                counters["lost"] += 1
                continue
            doubled = happens("double")
            counters["doubled"] += doubled
            for _ in range(1 + doubled):
                due = time.monotonic() + (line.get("delay", 0) + chance.random() * line.get("jitter", 0)) / 1000
                if happens("reorder"):
                    due = time.monotonic()  # overtakes what is under way
                number += 1
                heapq.heappush(waiting, (due, number, out))
        while waiting and waiting[0][0] <= time.monotonic():
            _, at, out = heapq.heappop(waiting)
            if line.get("cut", 0):
                counters["cut"] += 1
                continue
            counters["reordered"] += at < latest
            latest = max(latest, at)
            try:
                os.write(tun, out)
                counters["passed"] += 1
            except BlockingIOError:
                counters["lost"] += 1


main()
