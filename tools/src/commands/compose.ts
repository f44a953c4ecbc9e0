import type { Command } from '../command.ts';
import { missingAt, waitUntilReady } from '../compose/ready.ts';
import { type ComposeRunner, findComposeRunner } from '../compose/runner.ts';
import { type ComposeSettings, readComposeSettings } from '../compose/settings.ts';
import { buildImages } from '../images/build.ts';
import { findBuilder } from '../images/find-builder.ts';
import { missingImages } from '../images/missing.ts';
import { LOCAL } from '../images/names.ts';
import { makeStandIn, nodeStandIn, redisStandIn } from '../images/stand-in.ts';
import { Failure, usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { ParsedArgs } from '../system/options.ts';
import { type Output, StreamOutput, secondsSince } from '../system/output.ts';
import { shownPath } from '../system/places.ts';
import { apps } from '../up/plan.ts';

export const composeCommand: Command = {
  name: 'compose',
  summary: 'Runs everything in containers on this machine, with infra/compose.yaml',
  usage: 'up|down|status [options]',
  words: 1,
  options: {
    'base-from-debian': {
      help: 'up: builds on base images made from Debian packages, for hosts that cannot pull images (needs root and debootstrap)',
    },
    volumes: { help: 'down: also deletes the data' },
    settings: { value: 'FILE', help: 'settings file to use instead of infra/.env' },
  },
  more: `up builds missing images, starts the containers, and waits until Almanac is ready. Settings are in infra/.env (created on first use; infra/.env.example
lists them). Works with docker compose, or with podman and docker-compose or podman-compose.`,
  run: async (args) => {
    const [verb = 'status'] = args.words;
    const action = actions[verb as keyof typeof actions];
    if (action === undefined)
      throw usageError(
        `unknown action '${verb}': must be one of ${Object.keys(actions).join(', ')}${didYouMean(verb, Object.keys(actions))}`,
      );
    return await action(readComposeSettings(process.env, args.text('settings')), await findComposeRunner(), new StreamOutput(), args);
  },
};

const urlOf = ({ port }: ComposeSettings): string => `http://127.0.0.1:${port}`;

const actions = {
  async up(settings: ComposeSettings, runner: ComposeRunner, out: Output, args: ParsedArgs): Promise<number> {
    const start = performance.now();
    const own = args.has('base-from-debian') ? { ...settings, env: { ...settings.env, REDIS_IMAGE: redisStandIn.image } } : settings;
    await buildMissing(own, args.has('base-from-debian'), out);
    out.line(`starting with ${runner.name}, settings in ${shownPath(own.file)}`);
    const { ok, output } = await runner.compose(['up', '-d'], own, (text) => out.progress(text.trim().split('\n').at(-1) ?? ''));
    if (!ok) throw new Failure(`${runner.name} up failed:\n${output.split('\n').slice(-20).join('\n')}`);
    const missing = await waitUntilReady(urlOf(own), 120_000, (what) => out.progress(`waiting: ${what}`));
    if (missing !== undefined)
      throw new Failure(`Almanac was not ready within 2 minutes: ${missing}\n${(await runner.compose(['logs', '--tail=20'], own)).output}`);
    out.line(`Almanac ${own.tag} is ready at ${urlOf(own)} (${secondsSince(start)}). Stop it with: ./almanac compose down`);
    return 0;
  },
  async down(settings: ComposeSettings, runner: ComposeRunner, out: Output, args: ParsedArgs): Promise<number> {
    const { ok, output } = await runner.compose(['down', ...(args.has('volumes') ? ['-v'] : [])], settings, (text) =>
      out.progress(text.trim().split('\n').at(-1) ?? ''),
    );
    if (!ok) throw new Failure(`${runner.name} down failed:\n${output}`);
    out.line(args.has('volumes') ? 'stopped; the data was deleted' : 'stopped; the data is kept (--volumes deletes it)');
    return 0;
  },
  async status(settings: ComposeSettings, runner: ComposeRunner, out: Output): Promise<number> {
    out.line((await runner.compose(['ps'], settings)).output);
    const missing = await missingAt(urlOf(settings));
    out.line(missing === undefined ? `ready at ${urlOf(settings)}` : `not ready at ${urlOf(settings)}: ${missing}`);
    return missing === undefined ? 0 : 1;
  },
};

/** Builds only local images: compose pulls those of a registry. */
async function buildMissing({ owner, tag }: ComposeSettings, fromDebian: boolean, out: Output): Promise<void> {
  if (owner !== LOCAL) return;
  const builder = await findBuilder();
  if (fromDebian) for (const standIn of [nodeStandIn, redisStandIn]) await makeStandIn(builder, standIn, out);
  const missing = await missingImages(builder, owner, tag, apps);
  const base = fromDebian ? { base: nodeStandIn.image, isLocalBase: true } : {};
  if (missing.length > 0) await buildImages(builder, { owner, tag, services: missing, ...base }, out);
}
