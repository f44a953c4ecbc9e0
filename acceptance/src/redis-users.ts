import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const files = join(import.meta.dirname, '../../helm/almanac/files');
/** The Redis users of the chart. */
export const usersText = readFileSync(join(files, 'users.acl'), 'utf8');
/** All users with a password. */
export const userNames = [...usersText.matchAll(/^user (\S+) on PASSWORD/gm)].map(([, name]) => name as string);

export const passwordOf = (user: string): string => `a-password-of-${user}`;

/** The users file that a pod creates with the script of the chart, in a temporary folder until end(). */
export class UsersFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'almanac-users-'));
  readonly path = join(this.#folder, 'users.acl');

  constructor(text = usersText, users: readonly string[] = userNames) {
    const [list, passwords] = [join(this.#folder, 'list'), join(this.#folder, 'passwords')];
    mkdirSync(passwords);
    writeFileSync(list, text);
    for (const user of users) writeFileSync(join(passwords, `${user}-password`), passwordOf(user));
    execFileSync('sh', [join(files, 'users.sh')], { env: { PATH: process.env.PATH, ACL: list, PASSWORDS: passwords, OUT: this.path } });
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
