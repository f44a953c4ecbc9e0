import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../system/places.ts';
import { apps } from '../up/plan.ts';

interface Variable {
  default?: unknown;
  description?: string;
}

/** The README's table of environment variables, made from the schemas the services check at their start. */
export async function environmentTable(): Promise<string> {
  const about = new Map<string, { services: (typeof apps)[number][]; variable: Variable; defaults: Map<string, string> }>();
  for (const app of apps) {
    const { Env } = (await import(pathToFileURL(join(root, 'apps', app, 'src/env.ts')).href)) as {
      Env: { properties: Record<string, Variable> };
    };
    for (const [name, variable] of Object.entries(Env.properties)) {
      const entry = about.get(name) ?? { services: [] as (typeof apps)[number][], variable, defaults: new Map() };
      entry.services.push(app);
      entry.defaults.set(app, variable.default === undefined ? '' : String(variable.default));
      about.set(name, entry);
    }
  }
  const rows = [...about].map(([name, { services, variable, defaults }]) => {
    const different = new Set(defaults.values()).size > 1;
    const standard = different ? [...defaults.values()].join(', ') : ([...defaults.values()][0] as string);
    return `| \`${name}\` | ${services.length === apps.length ? 'all' : services.join(', ')} | ${standard === '' ? '' : `\`${standard}\``} | ${variable.description ?? ''} |`;
  });
  return ['| variable | read by | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
}
