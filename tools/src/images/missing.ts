import type { AppName } from '../up/plan.ts';
import type { Builder } from './builder.ts';
import { imageName, LOCAL } from './names.ts';

/** Returns the services whose image is missing. Tags an image that exists under its local name with the wanted name. */
export async function missingImages(builder: Builder, owner: string, tag: string, services: readonly AppName[]): Promise<AppName[]> {
  // Such a tag does not identify the changes, so the image is built again. That is fast if nothing changed.
  if (tag.endsWith('-dirty')) return [...services];
  const missing: AppName[] = [];
  for (const service of services) {
    const image = imageName(owner, service, tag);
    const local = imageName(LOCAL, service, tag);
    if (await builder.has(image)) continue;
    if (await builder.has(local)) await builder.tag(local, image);
    else missing.push(service);
  }
  return missing;
}
