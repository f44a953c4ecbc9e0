import { Failure } from '../system/failure.ts';
import type { Output } from '../system/output.ts';
import type { Builder } from './builder.ts';

export interface Pushed {
  image: string;
  digest: string;
}

/** Pushes images one after another. Throws a Failure at the first that the registry rejects. */
export async function pushImages(builder: Builder, images: readonly string[], isInsecure: boolean, out: Output): Promise<Pushed[]> {
  const pushed: Pushed[] = [];
  for (const image of images) {
    out.progress(`pushing ${image}`);
    const outcome = await builder.push(image, isInsecure);
    if ('problem' in outcome)
      throw new Failure(`${image} could not be pushed. Output of ${builder.name}:\n${outcome.problem}\n${advice(outcome.problem, image)}`);
    out.line(`${image}@${outcome.digest}`);
    pushed.push({ image, digest: outcome.digest });
  }
  return pushed;
}

function advice(problem: string, image: string): string {
  const registry = image.split('/')[0] as string;
  if (/server gave HTTP response to HTTPS|http: server gave/i.test(problem)) {
    return `The registry uses plain HTTP: add --insecure (docker: "insecure-registries": ["${registry}"] in its daemon.json).`;
  }
  if (/unauthorized|denied|authentication required/i.test(problem))
    return `Log in first: docker login ${registry}, buildah login ${registry} or podman login ${registry}.`;
  return '';
}

/** Returns the helm command that installs the pushed images. With --set-string, because the chart rejects a numeric tag like 7. */
export function installLine(owner: string, tag: string, redis?: string): string {
  const sets = [`global.imageRegistry=${owner}`, `image.tag=${tag}`];
  if (redis !== undefined) {
    const [, registry, repository, redisTag] = /^([^/]+)\/(.+):([^:]+)$/.exec(redis) ?? [];
    sets.push(`redis.image.registry=${registry}`, `redis.image.repository=${repository}`, `redis.image.tag=${redisTag}`);
  }
  return ['helm install almanac helm/almanac', ...sets.map((set) => `--set-string ${set}`)].join(' \\\n  ');
}
