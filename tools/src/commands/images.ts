import type { Command } from '../command.ts';
import { type BuildOptions, buildImages } from '../images/build.ts';
import type { Builder } from '../images/builder.ts';
import { findBuilder } from '../images/find-builder.ts';
import { missingImages } from '../images/missing.ts';
import { describeCheckout, imageName, LOCAL, readBase, readOwner, readTag } from '../images/names.ts';
import { installLine, pushImages } from '../images/push.ts';
import { sizeTable } from '../images/sizes.ts';
import { makeStandIn, nodeStandIn, redisStandIn } from '../images/stand-in.ts';
import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { ParsedArgs } from '../system/options.ts';
import { type Output, StreamOutput } from '../system/output.ts';
import { type AppName, apps } from '../up/plan.ts';

export const imagesCommand: Command = {
  name: 'images',
  isForDevelopers: true,
  summary: 'Builds, pushes or lists the container images of the five services',
  usage: 'build|push|list [REGISTRY/OWNER] [options]',
  words: 2,
  options: {
    tag: { value: 'TAG', help: 'tag of the images (the version; with the commit if it is not a release); never latest' },
    only: { value: 'SERVICE,...', help: `only these services: ${apps.join(', ')}` },
    base: { value: 'IMAGE', help: 'Node 24 image to build on: of a mirror, local, or with a digest (name@sha256:...)' },
    'base-from-debian': {
      help: 'makes a base image and a Redis image from Debian packages, for hosts that cannot pull images (needs root and debootstrap)',
    },
    insecure: { help: 'uses plain HTTP for the registry' },
  },
  more: `Works with docker, buildah or podman. Images are named REGISTRY/OWNER/almanac-<service>:TAG (REGISTRY/OWNER is ${LOCAL} by default).
build builds them; push builds missing ones, pushes all, and prints the helm command to install them; list shows local images with their sizes.`,
  run: async (args) => {
    const [verb = 'list', owner] = args.words;
    const action = actions[verb as keyof typeof actions];
    if (action === undefined)
      throw usageError(
        `unknown action '${verb}': must be one of ${Object.keys(actions).join(', ')}${didYouMean(verb, Object.keys(actions))}`,
      );
    const options = readImageOptions(args, owner);
    return await action(options, args, await findBuilder(), new StreamOutput());
  },
};

const actions = {
  build: async (options: BuildOptions, args: ParsedArgs, builder: Builder, out: Output) => {
    await build(options, args, builder, out);
    out.line();
    out.line(await sizeTable(builder, namesOf(options)));
    return 0;
  },
  push: async (options: BuildOptions, args: ParsedArgs, builder: Builder, out: Output) => {
    if (options.owner === LOCAL)
      throw usageError('images push: missing REGISTRY/OWNER, e.g. ./almanac images push registry.example.org/you');
    const missing = await missingImages(builder, options.owner, options.tag, options.services);
    if (missing.length > 0) await build({ ...options, services: missing }, args, builder, out);
    const redis = args.has('base-from-debian') ? await nameRedis(options.owner, builder) : undefined;
    await pushImages(builder, [...namesOf(options), ...(redis === undefined ? [] : [redis])], args.has('insecure'), out);
    out.line(`\n${installLine(options.owner, options.tag, redis)}`);
    return 0;
  },
  list: async (options: BuildOptions, _: ParsedArgs, builder: Builder, out: Output) => {
    const local: string[] = [];
    for (const image of namesOf(options)) if (await builder.has(image)) local.push(image);
    if (local.length === 0) out.line(`${builder.name} has none of ${namesOf(options).join(', ')}: build them with ./almanac images build`);
    else out.line(await sizeTable(builder, local));
    return 0;
  },
};

const namesOf = ({ owner, services, tag }: BuildOptions): string[] => services.map((service) => imageName(owner, service, tag));

async function build(options: BuildOptions, args: ParsedArgs, builder: Builder, out: Output): Promise<void> {
  if (!args.has('base-from-debian')) return await buildImages(builder, options, out);
  for (const standIn of [nodeStandIn, redisStandIn]) await makeStandIn(builder, standIn, out);
  await buildImages(builder, { ...options, base: nodeStandIn.image, isLocalBase: true }, out);
}

/** Tags the stand-in for Redis with a name that can be pushed. */
async function nameRedis(owner: string, builder: Builder): Promise<string> {
  const name = `${owner}/redis:${redisStandIn.image.split(':').at(-1)}`;
  await builder.tag(redisStandIn.image, name);
  return name;
}

function readImageOptions(args: ParsedArgs, owner: string | undefined): BuildOptions {
  const services = (args.text('only') ?? apps.join(',')).split(',') as AppName[];
  for (const service of services) {
    if (!apps.includes(service)) throw usageError(`--only ${service}: must be one of ${apps.join(', ')}${didYouMean(service, apps)}`);
  }
  const base = args.text('base');
  return {
    owner: readOwner(owner),
    tag: readTag(args.text('tag') ?? describeCheckout().tag),
    services,
    base: base === undefined ? undefined : readBase(base),
  };
}
