import { type Exemption, exemptions } from './exemptions.ts';
import { patterns } from './patterns.ts';
import { type Text, texts } from './texts.ts';

export interface Finding {
  file: string;
  line: number;
  /** the words that matched */
  words: string;
  say: string;
  /** the words with what stands around them */
  context: string;
}

/** All wording that docs/style.md rules out, and the exemptions that nothing needs any more. */
export function styleFindings(all: readonly Text[] = texts(), exempt: readonly Exemption[] = exemptions) {
  const used = new Set<Exemption>();
  const findings = all.flatMap(findingsIn).filter((finding) => {
    const found = exempt.find(({ file, text }) => file === finding.file && (text === undefined || finding.context.includes(text)));
    if (found !== undefined) used.add(found);
    return found === undefined;
  });
  return { findings, unused: exempt.filter((exemption) => !used.has(exemption)) };
}

/** Line breaks and comment signs count as spaces, so that a phrase is found across lines. Of two patterns over the same words the first counts. */
function findingsIn({ file, line, text }: Text): Finding[] {
  const flat = text.replace(/\n[ \t]*(?:#|\/\/|\*|>)? ?/g, (gap) => `\n${' '.repeat(gap.length - 1)}`);
  const taken: [from: number, to: number][] = [];
  return patterns.flatMap(({ pattern, say }) =>
    [...flat.matchAll(new RegExp(pattern.source.replaceAll(' ', '\\s+'), `${pattern.flags}g`))].flatMap(({ 0: words, index }) => {
      const end = index + words.length;
      if (taken.some(([from, to]) => index < to && end > from)) return [];
      taken.push([index, end]);
      const context = oneLine(flat.slice(Math.max(0, index - 60), end + 60));
      return [{ file, line: line + newlinesIn(flat.slice(0, index)), words: oneLine(words), say, context }];
    }),
  );
}

const newlinesIn = (text: string): number => text.split('\n').length - 1;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

export const shownFinding = ({ file, line, words, say, context }: Finding): string =>
  `${file}:${line}: '${words}' (write: ${say})\n    ${context}`;
