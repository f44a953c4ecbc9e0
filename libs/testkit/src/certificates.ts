import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of the two PEM files of one certificate. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

/** A certificate authority of a test's own, in a folder that end() removes. Needs openssl. */
export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'almanac-certificates-'));
  /** path of its own certificate */
  readonly ca = join(this.folder, 'ca.pem');
  readonly #key = join(this.folder, 'ca.key');

  constructor(name = 'almanac test authority') {
    this.#openssl('req', '-x509', ...newKey(this.#key), '-subj', `/CN=${name}`, '-days', '2', '-out', this.ca);
  }

  /** Issues a certificate for these names, as openssl writes them: `DNS:store.example`, `IP:127.0.0.1`. */
  issue(name: string, alternatives: readonly string[] = []): CertificateFiles {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((kind) => join(this.folder, `${name}.${kind}`)) as [
      string,
      string,
      string,
      string,
    ];
    writeFileSync(extensions, alternatives.length === 0 ? '' : `subjectAltName=${alternatives.join(',')}\n`);
    this.#openssl('req', ...newKey(key), '-subj', `/CN=${name}`, '-out', request);
    const signed = ['-CA', this.ca, '-CAkey', this.#key, '-CAcreateserial', '-extfile', extensions, '-days', '1'];
    this.#openssl('x509', '-req', '-in', request, ...signed, '-out', cert);
    return { cert, key };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #openssl(...words: string[]): void {
    execFileSync('openssl', words, { stdio: 'pipe' });
  }
}

const newKey = (path: string): string[] => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path];

/** Options of a Redis server that speaks TLS on one more port, and asks every client for a certificate of the same authority. */
export const tlsServerOptions = (port: number, { ca }: TestAuthority, { cert, key }: CertificateFiles): string[] =>
  Object.entries({ 'tls-port': String(port), 'tls-ca-cert-file': ca, 'tls-cert-file': cert, 'tls-key-file': key }).flatMap(
    ([name, value]) => [`--${name}`, value],
  );
