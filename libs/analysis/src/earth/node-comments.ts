import { parseTime } from '@almanac/domain';
import type { AscendingNode } from './ascending-node.ts';

/** An ascending node as NASA writes it into an ephemeris' comments. */
export interface PublishedNode extends AscendingNode {
  /** NASA's count of orbits */
  orbit?: number;
}

const nodeLine = /asc\. node ?: ?EPOCH ?= ?(\S+) \$(?: ORBIT ?= ?(\d+) \$)? LAN\(DEG\) ?= ?([+-]?\d+(?:\.\d+)?)/;

/**
 * The nodes that the comments of a NASA ephemeris name, in their order:
 * `ISS first asc. node: EPOCH = 2024-02-21T12:33:36.032 $ ORBIT = 45 $ LAN(DEG) = -165.81891`. Other comments are passed over.
 */
export function publishedNodes(comments: Iterable<string>): PublishedNode[] {
  const nodes: PublishedNode[] = [];
  for (const comment of comments) {
    const [, epoch = '', orbit, longitude] = nodeLine.exec(comment) ?? [];
    const timeMs = parseTime(epoch);
    if (timeMs === undefined) continue;
    nodes.push({ timeMs, longitudeDeg: Number(longitude), ...(orbit === undefined ? {} : { orbit: Number(orbit) }) });
  }
  return nodes;
}
