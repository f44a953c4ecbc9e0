// Completes the SBOM that npm writes (CycloneDX): node infra/image/sbom.ts APP < npm-sbom.json > sbom.cdx.json
// npm lists the libraries and packages of the service. This script adds Node and the Debian packages.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  purl: string;
  externalReferences?: { type: string; url: string }[];
}

const [app] = process.argv.slice(2);
const bom = JSON.parse(readFileSync(0, 'utf8')) as { metadata: { component: Component; timestamp?: string }; components: Component[] };

const component = (type: string, name: string, version: string, purl: string): Component => ({
  'bom-ref': purl,
  type,
  name,
  version,
  purl,
});

/** Returns the installed Debian packages; none on another base. */
function debianPackages(): Component[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
  const format = '${Package} ${Version} ${Architecture}\n';
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' });
  return (stdout ?? '')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', version = '', architecture = ''] = line.split(' ');
      return component('library', name, version, `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`);
    });
}

/** Removes the download address of a package: the address of a mirror does not help the readers of the SBOM. */
const withoutMirror = (c: Component): Component => ({
  ...c,
  ...(c.externalReferences === undefined ? {} : { externalReferences: c.externalReferences.filter(({ type }) => type !== 'distribution') }),
});

// No time and no random number, so that the same packages give the same file and the same layer.
const { serialNumber: _, ...rest } = bom as typeof bom & { serialNumber?: string };
const { timestamp: __, ...metadata } = bom.metadata;
const node = component('application', 'node', process.versions.node, `pkg:generic/node@${process.versions.node}`);
const whole = {
  ...rest,
  metadata: { ...metadata, component: { ...bom.metadata.component, type: 'application', name: `almanac-${app}` } },
  components: [...bom.components.map(withoutMirror), node, ...debianPackages()],
};
process.stdout.write(`${JSON.stringify(whole, undefined, 1)}\n`);
