import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownFinding, styleFindings } from './style/findings.ts';
import { stringsOf } from './style/texts.ts';

test('everything that users read is in the language of docs/style.md', () => {
  const { findings, unused } = styleFindings();
  assert.equal(findings.map(shownFinding).join('\n'), '', `${findings.length} findings; node tools/src/docs/style.ts lists them`);
  assert.deepEqual(unused, [], 'exemptions that nothing needs any more');
});

test('strings of sources are found in sums, templates and nested calls, with their lines', () => {
  const source = [
    "const a = 'one';",
    "log.info('worker was' + ' lost');",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has a template of its own
    "throw new Error(`no ${x ? 'such thing' : ''} in ${b('the store')}`);",
  ];
  assert.deepEqual(
    stringsOf('x.ts', source.join('\n')).map(({ line, text }) => `${line}: ${text}`),
    ['2: worker was lost', '3: no … in …', '3: such thing', '3: the store'],
  );
});

test('a phrase is found across lines and comment signs, once, and an exemption excuses it', () => {
  const text = { file: 'values.yaml', line: 1, text: '# a worker that is\n#   taken\n# for dead\nport: 1\n' };
  const [finding, ...rest] = styleFindings([text], []).findings;
  assert.deepEqual([finding?.line, finding?.words, rest], [2, 'taken for dead', []]);
  const exemption = { file: 'values.yaml', text: 'taken for dead', why: 'for this test' };
  assert.deepEqual(styleFindings([text], [exemption]), { findings: [], unused: [] });
  assert.deepEqual(styleFindings([], [exemption]).unused, [exemption]);
});
