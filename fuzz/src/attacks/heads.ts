import type { Attack } from '../attack.ts';

const path = '/v1/datasets/fuzz-witness/records/7';

const request = (head: string, body = ''): string => `${head}\r\nHost: 127.0.0.1\r\n\r\n${body}`;

/** Malformed requests, and framing that two parsers could read differently. */
const oddRequests = [
  `GET ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
  `GET ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde`,
  `POST /v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`,
  `POST /v1/jobs HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n0\r\n\r\n`,
  `GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nGET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET ${path} HTTP/1.1\nHost: a\n\n`,
  `GET http://evil.example${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET /%FF%00%0d%0a HTTP/1.1\r\nHost: a\r\n\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET ${path} HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(100)}\r\n folded\r\n\r\n`,
  `GET ${path} HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n`,
];

export const headAttacks: readonly Attack[] = [
  {
    name: 'header near the limit',
    section: 'Requests',
    weight: 4,
    run: async (attacker) => {
      const size = attacker.random.integer(15_500, 17_500);
      await attacker.send({ method: 'GET', path, headers: { 'x-fill': 'a'.repeat(size) } });
    },
  },
  {
    name: 'header far above the limit, or thousands of headers',
    section: 'Requests',
    run: async (attacker) => {
      const { random } = attacker;
      const fill = random.chance(0.5)
        ? `x: ${'b'.repeat(random.size(20_000, 400_000))}\r\n`
        : Array.from({ length: random.size(100, 5_000) }, (_, i) => `h${i}: 1\r\n`).join('');
      await attacker.raw([`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${fill}\r\n`]);
    },
  },
  {
    name: 'long request line',
    section: 'Requests',
    run: async (attacker) => {
      const { random } = attacker;
      const names = Array.from({ length: random.size(10, 800) }, (_, i) => `c${i}=${'v'.repeat(random.integer(1, 30))}`).join('&');
      await attacker.send({ method: 'GET', path: `/v1/datasets/fuzz-witness/records?${names}` });
    },
  },
  {
    name: 'request aborted halfway',
    section: 'Requests',
    weight: 3,
    run: async (attacker) => {
      const whole = request(`GET ${path} HTTP/1.1`);
      const cut = attacker.random.integer(1, whole.length);
      await attacker.raw([whole.slice(0, cut)], { waitMs: attacker.random.integer(1, 200) });
    },
  },
  {
    name: 'pipelined requests, some of them bad',
    section: 'Requests',
    weight: 2,
    run: async (attacker) => {
      const { random } = attacker;
      const pieces = Array.from({ length: random.integer(2, 30) }, () =>
        random.chance(0.2) ? random.pick(oddRequests) : request(`GET ${path} HTTP/1.1`),
      );
      await attacker.raw(pieces, { waitMs: 500 });
    },
  },
  {
    name: 'odd framing',
    section: 'Requests',
    weight: 2,
    run: (attacker) => attacker.raw([attacker.random.pick(oddRequests)], { waitMs: 300 }),
  },
  {
    name: 'foreign origin or host',
    section: 'Requests',
    run: async (attacker) => {
      const { random } = attacker;
      const headers = random.pick([
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { host: 'evil.example' },
        { host: 'localhost.evil.example' },
      ]) as Record<string, string>;
      const body = 'a,b\n1,2\n';
      const sent = { method: 'POST', path: '/v1/datasets?id=fuzz-csrf', headers: { 'content-type': 'text/plain', ...headers }, body };
      await attacker.send(sent, { mustRefuse: true });
    },
  },
];
