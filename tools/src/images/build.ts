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
  /** the base in place of infra/Dockerfile's own */
  base?: string | undefined;
  isLocalBase?: boolean;
}

/** The port a service has unless it is told another: gateway 5000, the others after it, as in `up`. */
export const portOf = (service: AppName): number => 5000 + apps.indexOf(service);

/** Builds the services' images one after the other: what is the same in them is built once. */
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
    if (!ok) throw new Failure(`${image} could not be built; ${builder.name} said:\n${lastLines(output)}\n${advice(output)}`.trimEnd());
    out.line(`built ${image} in ${secondsSince(start)}`);
  }
}

/** What of a builder's words tells how far it is: `STEP 3/9: RUN ...` or `#8 [packages 4/5] RUN ...`. */
const lastStep = (text: string): string | undefined => text.split('\n').findLast((line) => /\bSTEP \d|^#\d+ \[/.test(line));
const lastLines = (text: string): string => text.trim().split('\n').slice(-15).join('\n');

function advice(output: string): string {
  if (/initializing source docker:|pull access denied|failed to resolve source metadata|error pinging|dial tcp/.test(output)) {
    return 'The base image cannot be pulled here: name one that can (--base IMAGE), or make a stand-in of Debian packages (--base-from-debian).';
  }
  if (/SELF_SIGNED_CERT|unable to get local issuer/.test(output)) {
    return 'npm does not trust what answers it: set NODE_EXTRA_CA_CERTS to the bundle of this network, it is handed to the build.';
  }
  return '';
}
