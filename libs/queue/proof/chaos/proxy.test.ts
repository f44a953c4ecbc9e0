import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetworkProxy } from './proxy.ts';

const command = (...words: string[]) => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

/** A server that says back what it hears, a proxy before it, and a client. */
async function setUp(t: { after(clean: () => unknown): void }) {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        heard.push(String(bytes));
        socket.write(bytes);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await NetworkProxy.start((server.address() as { port: number }).port);
  const client = connect(proxy.port, '127.0.0.1');
  const said: string[] = [];
  client.on('error', () => {}).on('data', (bytes) => said.push(String(bytes)));
  t.after(async () => {
    client.destroy();
    await proxy.end();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(client, 'connect');
  return { proxy, client, sockets, heard, said, all: () => said.join('') };
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !isSo(); await sleep(5)) assert.ok(Date.now() < end, 'it did not happen in time');
}

test('a proxy passes everything, in order, however it is cut into pieces', async (t) => {
  const { proxy, client, all } = await setUp(t);
  const text = Array.from({ length: 50 }, (_, i) => command('set', 'k\r\n*1', String(i))).join('');
  for (let at = 0; at < text.length; at += 7) {
    client.write(text.slice(at, at + 7));
    if (at % 70 === 0) proxy.slow(at % 3);
    if (at % 210 === 0) await sleep(1);
  }
  await until(() => all().length === text.length);
  assert.equal(all(), text);
});

test('what is sent on a slow way comes before what is sent when it is quick again', async (t) => {
  const { proxy, client, all } = await setUp(t);
  let sent = '';
  for (let i = 0; i < 40; i++) {
    proxy.slow(i % 2 === 0 ? 20 : 0);
    sent += command(`word${i}`);
    client.write(command(`word${i}`));
    await sleep(i % 2 === 0 ? 1 + (i % 5) : 0);
  }
  await until(() => all().length === sent.length);
  assert.equal(all(), sent);
});

test('a frozen proxy holds back both ways and delivers when it heals', async (t) => {
  const { proxy, client, heard, all } = await setUp(t);
  client.write(command('one'));
  await until(() => all() === command('one'));
  proxy.freeze();
  client.write(command('two'));
  await sleep(50);
  assert.equal(heard.length, 1);
  proxy.heal();
  await until(() => all() === command('one') + command('two'));
});

test('a swallowed command is executed, what comes before it is answered, and the connection is reset', async (t) => {
  const { proxy, client, heard, all } = await setUp(t);
  proxy.watch(([name]) => (name === 'two' ? 'swallow' : 'pass'));
  client.write(command('one'));
  await until(() => all() === command('one'));
  client.write(command('two'));
  await closed(client);
  assert.equal(heard.join(''), command('one') + command('two'));
  assert.equal(all(), command('one'));
});

test('a cut leaves nothing of the command and of what is behind it', async (t) => {
  const { proxy, client, heard } = await setUp(t);
  proxy.watch(([name]) => (name === 'two' ? 'cut' : 'pass'));
  client.write(command('one') + command('two') + command('three'));
  await closed(client);
  assert.equal(heard.join(''), command('one'));
});

test('a late command arrives when its client has gone', async (t) => {
  const { proxy, client, heard } = await setUp(t);
  proxy.watch(() => 'late');
  client.write(command('one'));
  await sleep(50);
  assert.deepEqual(heard, []);
  client.destroy();
  await until(() => heard.join('') === command('one'));
});

test('half-open: the client hears nothing; ghost: the server hears nothing', async (t) => {
  const { proxy, client, sockets, said } = await setUp(t);
  client.write(command('one'));
  await until(() => said.length === 1);
  proxy.conduits[0]?.halfOpen();
  client.write(command('two'));
  await until(() => sockets[0]?.destroyed === true);
  assert.equal(client.destroyed, false);
  const other = connect(proxy.port, '127.0.0.1').on('error', () => {});
  await until(() => sockets.length === 2);
  proxy.conduits.at(-1)?.ghost(200);
  await closed(other);
  assert.equal(sockets[1]?.destroyed, false);
});

test('a trickle is one byte a second', async (t) => {
  const { proxy, client, heard } = await setUp(t);
  proxy.conduits[0]?.trickle();
  client.write(command('one'));
  client.write(command('two'));
  await sleep(2500);
  assert.equal(heard.join(''), '*1');
});
