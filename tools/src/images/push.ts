import { Failure } from '../system/failure.ts';
import type { Output } from '../system/output.ts';
import type { Builder } from './builder.ts';

export interface Pushed {
  image: string;
  digest: string;
}

/** Pushes images one after the other, and ends at the first that the registry does not take. */
export async function pushImages(builder: Builder, images: readonly string[], isInsecure: boolean, out: Output): Promise<Pushed[]> {
  const pushed: Pushed[] = [];
  for (const image of images) {
    out.progress(`pushing ${image}`);
    const outcome = await builder.push(image, isInsecure);
    if ('problem' in outcome)
      throw new Failure(`${image} could not be pushed; ${builder.name} said:\n${outcome.problem}\n${advice(outcome.problem, image)}`);
    out.line(`${image}@${outcome.digest}`);
    pushed.push({ image, digest: outcome.digest });
  }
  return pushed;
}

function advice(problem: string, image: string): string {
  const registry = image.split('/')[0] as string;
  if (/server gave HTTP response to HTTPS|http: server gave/i.test(problem)) {
    return `The registry speaks plain HTTP: add --insecure (docker: "insecure-registries": ["${registry}"] in its daemon.json).`;
  }
  if (/unauthorized|denied|authentication required/i.test(problem))
    return `Log in first: docker login ${registry}, buildah login ${registry} or podman login ${registry}.`;
  return '';
}

/** What to type next, with the names that were just pushed. As text: a tag like 7 would be a number, and the chart refuses it. */
export function installLine(owner: string, tag: string, redis?: string): string {
  const sets = [`global.imageRegistry=${owner}`, `image.tag=${tag}`];
  if (redis !== undefined) {
    const [, registry, repository, redisTag] = /^([^/]+)\/(.+):([^:]+)$/.exec(redis) ?? [];
    sets.push(`redis.image.registry=${registry}`, `redis.image.repository=${repository}`, `redis.image.tag=${redisTag}`);
  }
  return ['helm install almanac helm/almanac', ...sets.map((set) => `--set-string ${set}`)].join(' \\\n  ');
}
