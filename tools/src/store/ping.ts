import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tlsOptions } from './tls-options.ts';

/** The address of a store: `redis://[user:password@]host[:port]`, `rediss://` or `unix:<path>`. */
export interface Address {
  path?: string;
  host: string;
  port: number;
  isTls: boolean;
  username: string;
  password: string;
}

/** Parses the address of a store. Returns undefined if it is invalid. */
export function parseAddress(url: string): Address | undefined {
  const nowhere = { host: '', port: 0, isTls: false, username: '', password: '' };
  if (url.startsWith('unix:')) return { ...nowhere, path: url.slice('unix:'.length) };
  const parsed = URL.parse(url);
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol)) return undefined;
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || 6379),
    isTls: parsed.protocol === 'rediss:',
    username: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
}

/** Returns the reply to PING: `PONG` if the store is ready, else its error (LOADING ..., NOAUTH ...) or that of the connection. */
export function ping(address: Address, timeoutMs = 1_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(address);
    const end = (response: string) => {
      socket.destroy();
      resolve(response);
    };
    let text = '';
    const auth = authWords(address);
    const commands = auth.length === 0 ? [['PING']] : [auth, ['PING']];
    socket.setTimeout(timeoutMs, () => end(`no reply within ${timeoutMs} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once(address.isTls ? 'secureConnect' : 'connect', () => socket.write(commands.map(encode).join('')));
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const lines = text.split('\r\n').slice(0, -1);
      if (lines.length >= commands.length) end((lines.find((line) => line.startsWith('-')) ?? (lines.at(-1) as string)).slice(1));
    });
  });
}

export const open = ({ path, host, port, isTls }: Address): Socket =>
  path !== undefined ? connect(path) : isTls ? connectTls({ port, ...tlsOptions(host) }) : connect(port, host);

/** Returns the AUTH command for an address; empty if it has no password. */
export const authWords = ({ username, password }: Address): string[] =>
  password === '' ? [] : ['AUTH', ...(username === '' ? [] : [username]), password];

/** Encodes a command in the Redis protocol. */
export const encode = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join('')}`;
