import { apps } from '@almanac/tools/up/plan.ts';

/** What the test changes in a command, and why. docs/deploy.md describes the same. */
export interface Substitution {
  why: string;
  from: RegExp;
  to: string;
}

export interface PageSettings {
  /** where the images are pushed to and pulled from */
  registry: string;
  /** prefix of the namespaces of the page */
  namespace: string;
  /** options of `images push`, e.g. --insecure */
  pushWith: string;
  /** options of `helm install`, in turn: the storage class, a mirror of Redis */
  set: readonly string[];
  /** folder with landings.csv, tls.crt and tls.key */
  folder: string;
  /** two free ports of this machine */
  ports: readonly [number, number];
}

/** Returns the name that the test uses for a namespace of the page. */
export const namespaceOf = ({ namespace }: PageSettings, name: string): string => name.replace(/^almanac/, `${namespace}-page`);

/** A small node has neither the processors nor the memory that values-prod requests. */
const small = [...apps.map((app) => `services.${app}`), 'redis'].flatMap((path) => [
  '--set',
  `${path}.resources.requests.cpu=20m,${path}.resources.requests.memory=64Mi`,
]);

export function substitutions(settings: PageSettings): readonly Substitution[] {
  const { registry, pushWith, set, folder, ports } = settings;
  const quoted = [...small, ...set].map((word) => `'${word}'`).join(' ');
  return [
    { why: "the test's registry", from: /registry\.example\.org\/you/, to: registry },
    { why: 'how that registry is reached', from: /^(\.\/almanac images push \S+)/, to: `$1 ${pushWith}` },
    {
      why: 'namespaces of the test',
      from: /(-n |namespace )almanac((?:-test|-new)?)(?=\s|$)/g,
      to: `$1${namespaceOf(settings, 'almanac')}$2`,
    },
    { why: 'requests and volumes of a small node', from: /^(helm .*\binstall .*?)( --wait.*)$/, to: `$1 ${quoted}$2` },
    { why: 'files of the test', from: /(?<![\w.])(landings\.csv|tls\.crt|tls\.key|\.\/backups)(?![\w])/g, to: `${folder}/$1` },
    { why: 'a free port', from: /\b5000:5000\b/, to: `${ports[0]}:5000` },
    { why: 'a free port', from: /localhost:5000\b/, to: `localhost:${ports[0]}` },
    {
      why: 'no Ingress controller: the gateway is reached by a port-forward, and an error must be seen',
      from: /^curl (.*)https:\/\/almanac\.example\.org/,
      to: `kubectl -n ${namespaceOf(settings, 'almanac')} port-forward service/almanac-gateway ${ports[1]}:5000 & curl --retry 10 --retry-connrefused --fail-with-body $1http://localhost:${ports[1]}`,
    },
  ];
}

export const substitute = (command: string, all: readonly Substitution[]): string =>
  all.reduce((text, { from, to }) => text.replace(from, to), command);
