import type { AppName } from '../up/plan.ts';
import type { Builder } from './builder.ts';
import { imageName, LOCAL } from './names.ts';

/** The services whose image is not here under this name. One that was built under the local name is given the other as well. */
export async function missingImages(builder: Builder, owner: string, tag: string, services: readonly AppName[]): Promise<AppName[]> {
  // Such a tag does not say which changes are in it: built again, which costs little where nothing changed.
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
