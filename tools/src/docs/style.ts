// Prints all wording that docs/style.md rules out: node tools/src/docs/style.ts [PATH...]
import { shownFinding, styleFindings } from './style/findings.ts';

const paths = process.argv.slice(2);
const { findings, unused } = styleFindings();
const shown = findings.filter(({ file }) => paths.length === 0 || paths.some((path) => file.startsWith(path)));
for (const finding of shown) console.log(shownFinding(finding));
for (const { file, text } of unused) console.log(`exemptions.ts: '${text ?? 'all'}' of ${file} matches nothing any more`);
console.log(`${shown.length} findings in ${new Set(shown.map(({ file }) => file)).size} files`);
process.exitCode = shown.length === 0 ? 0 : 1;
