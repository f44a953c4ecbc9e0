import { readFileSync } from 'node:fs';

/** A program in the README, and what it prints. */
export interface Example {
  file: string;
  program: string;
  output: string;
}

export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Every block whose first line names a file, with the block of text behind it. */
export const examples: readonly Example[] = [...readme.matchAll(/```[jt]s\n(\/\/ ([\w.-]+)\n.*?)```\n```text\n(.*?)```/gs)].map(
  ([, program = '', file = '', output = '']) => ({ file, program, output }),
);
