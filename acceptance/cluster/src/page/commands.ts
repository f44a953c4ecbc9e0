/** A command of a page that the test skips, by its beginning, and the reason. */
export interface Skip {
  command: string;
  reason: string;
}

const FENCE = /^```sh\n([\s\S]*?)^```$/gm;
/** The page's own marker: <!-- cluster test: skip `docker login`: a registry on this machine has no login --> */
const MARKER = /<!-- cluster test: skip `([^`]+)`: ([^>]+?) -->/g;

/** Returns every command of the shell blocks of a page, in order. A backslash at the end continues a line. */
export const commandsOf = (markdown: string): string[] =>
  [...markdown.matchAll(FENCE)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );

export const skipsOf = (markdown: string): Skip[] =>
  [...markdown.matchAll(MARKER)].map(([, command = '', reason = '']) => ({ command, reason }));

export const isSkipped = (command: string, skips: readonly Skip[]): boolean => skips.some((skip) => command.startsWith(skip.command));
