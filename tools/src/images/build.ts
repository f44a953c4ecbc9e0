import { join } from 'node:path';
import { Failure } from '../system/failure.ts';
import { type Output, secondsSince } from '../system/output.ts';
import { root } from '../system/places.ts';
import { type AppName, apps } from '../up/plan.ts';
import type { Builder } from './builder.ts';
import { caFile } from './certificates.ts';
import { describeCheckout, imageName } from './names.ts';

export interface BuildOptions {
  owner: string;
  tag: string;
  services: readonly AppName[];
  /** base image to use instead of the one in infra/Dockerfile */
  base?: string | undefined;
  isLocalBase?: boolean;
}

/** The default port of a service: 5000 for the gateway, the next four for the others, as in `up`. */
export const portOf = (service: AppName): number => 5000 + apps.indexOf(service);

/** Builds the images of the services one after another, so that shared layers are built once. */
export async function buildImages(builder: Builder, { owner, tag, services, base, isLocalBase }: BuildOptions, out: Output): Promise<void> {
  const { revision, created } = describeCheckout();
  const ca = await caFile();
  for (const service of services) {
    const start = performance.now();
    const image = imageName(owner, service, tag);
    out.progress(`building ${image} with ${builder.name}`);
    const { ok, output } = await builder.build(
      {
        image,
        context: root,
        file: join(root, 'infra/Dockerfile'),
        args: {
          APP: service,
          PORT: String(portOf(service)),
          VERSION: tag,
          REVISION: revision,
          CREATED: created,
          ...(base === undefined ? {} : { NODE_IMAGE: base }),
        },
        caFile: ca,
        isLocalBase: isLocalBase ?? false,
      },
      (text) => {
        const step = lastStep(text);
        if (step !== undefined) out.progress(`${service}: ${step}`);
      },
    );
    if (!ok)
      throw new Failure(`${image} could not be built. Output of ${builder.name}:\n${lastLines(output)}\n${advice(output)}`.trimEnd());
    out.line(`built ${image} in ${secondsSince(start)}`);
  }
}

/** Returns the last step in the output of a builder: `STEP 3/9: RUN ...` or `#8 [packages 4/5] RUN ...`. */
const lastStep = (text: string): string | undefined => text.split('\n').findLast((line) => /\bSTEP \d|^#\d+ \[/.test(line));
const lastLines = (text: string): string => text.trim().split('\n').slice(-15).join('\n');

function advice(output: string): string {
  if (/initializing source docker:|pull access denied|failed to resolve source metadata|error pinging|dial tcp/.test(output)) {
    return 'The base image cannot be pulled here: use another (--base IMAGE), or make one from Debian packages (--base-from-debian).';
  }
  if (/SELF_SIGNED_CERT|unable to get local issuer/.test(output)) {
    return 'npm does not trust the certificate of its registry: set NODE_EXTRA_CA_CERTS to the certificate bundle of this network. It is passed to the build.';
  }
  return '';
}
