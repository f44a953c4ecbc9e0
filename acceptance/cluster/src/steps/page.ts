import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Failure } from '@almanac/tools/system/failure.ts';
import { root } from '@almanac/tools/system/places.ts';
import { findProgram } from '@almanac/tools/system/run.ts';
import { freeBase } from '@almanac/tools/up/free-base.ts';
import { namespaceObject, OURS } from '../account.ts';
import { makeCertificates } from '../certificates.ts';
import { notTried } from '../judge.ts';
import { commandsOf, isSkipped, skipsOf } from '../page/commands.ts';
import { runCommands } from '../page/shell.ts';
import { namespaceOf, type PageSettings, substitute, substitutions } from '../page/substitutions.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';

const PAGE = join(root, 'docs/deploy.md');
const NAMESPACES = ['almanac-test', 'almanac', 'almanac-new'];
const TIMEOUT_MS = 45 * 60_000;

export const page: Step = {
  name: 'page',
  title: 'every command of docs/deploy.md, in its order and as printed',
  needs: 'account',
  run: async (testbed) => {
    if (testbed.settings.registry === undefined) return notTried('the page pushes images, and --registry is not set');
    if (findProgram('kubectl') === undefined) return notTried('kubectl is not installed');
    const markdown = readFileSync(PAGE, 'utf8');
    const skips = skipsOf(markdown);
    const all = commandsOf(markdown);
    const commands = all.filter((command) => !isSkipped(command, skips));
    const settings = await prepare(testbed);
    try {
      const changed = substitutions(settings);
      const { done, failure } = await runCommands(
        commands.map((command) => substitute(command, changed)),
        await environment(testbed),
        TIMEOUT_MS,
        (command) => testbed.out.line(`  $ ${command}`),
      );
      return { figures: { run: done, skipped: all.length - commands.length }, wrong: failure === undefined ? [] : [failure] };
    } finally {
      await removeNamespaces(testbed, settings);
      rmSync(settings.folder, { recursive: true, force: true });
    }
  },
};

async function prepare(testbed: Testbed): Promise<PageSettings> {
  const { registry = '', namespace, pushWith, set } = testbed.settings;
  const folder = mkdtempSync(join(tmpdir(), 'almanac-page-'));
  await makeCertificates(folder, 'almanac.example.org');
  writeFileSync(join(folder, 'landings.csv'), 'id,name,mass (g)\n1,Aachen,21\n2,Aarhus,720\n');
  const base = await freeBase();
  const settings: PageSettings = { registry, namespace, pushWith, set, folder, ports: [base, base + 1] };
  for (const name of NAMESPACES) {
    const made = namespaceOf(settings, name);
    if ((await testbed.admin.hasNamespace(made)) && !(await testbed.admin.isLabelled(made, OURS)))
      throw new Failure(`The namespace ${made} exists and was not created by the test: use another with --namespace`);
    await testbed.admin.removeNamespace(made, OURS);
  }
  return settings;
}

/** The environment of a reader who administers the cluster. */
async function environment(testbed: Testbed): Promise<NodeJS.ProcessEnv> {
  const helm = await testbed.helmProgram();
  const path = `${dirname(helm)}${delimiter}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path, HELM: helm, KUBECONFIG: testbed.settings.kubeconfig ?? process.env.KUBECONFIG };
}

/** The page creates namespaces without the label of the test, so it is added first. */
async function removeNamespaces({ admin }: Testbed, settings: PageSettings): Promise<void> {
  const remove = async (name: string) => {
    if (!(await admin.hasNamespace(name))) return;
    await admin.apply([namespaceObject(name)]);
    await admin.removeNamespace(name, OURS);
  };
  await Promise.all(NAMESPACES.map((one) => remove(namespaceOf(settings, one))));
}
