import { createHash, hash } from 'node:crypto';
import { SLOTS } from './codec.ts';

/** Leaves under one node. */
export const GROUP = 64;
export const HASH_BYTES = 32;

// SHA-256 with domain separation as in RFC 6962: leaves 0x00, nodes 0x01, root 0x02.

/** Hash of one chunk: its header (so holes count) and its rows' bytes. */
export const leafOf = (head: Buffer, raw: Buffer): Buffer => createHash('sha256').update(Buffer.of(0)).update(head).update(raw).digest();

/** Hash of up to GROUP leaves. */
export const nodeOf = (leaves: Buffer): Buffer => hash('sha256', Buffer.concat([Buffer.of(1), leaves]), 'buffer');

export function nodesOf(leaves: Buffer): Buffer {
  const nodes: Buffer[] = [];
  for (let at = 0; at < leaves.length; at += GROUP * HASH_BYTES) nodes.push(nodeOf(leaves.subarray(at, at + GROUP * HASH_BYTES)));
  return Buffer.concat(nodes);
}

/** The data set's digest (hex): equal digests mean equal rows in equal order under an equal schema. */
export function rootOf(schemaJson: string, chunks: number, nodes: Buffer): string {
  const shape = Buffer.alloc(8);
  shape.writeUInt32LE(SLOTS, 0);
  shape.writeUInt32LE(chunks, 4);
  return hash('sha256', Buffer.concat([Buffer.of(2), hash('sha256', schemaJson, 'buffer'), shape, nodes]), 'hex');
}
