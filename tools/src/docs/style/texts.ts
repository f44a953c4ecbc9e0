import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../system/places.ts';

/** A piece of text that users can see, and the line where it begins. */
export interface Text {
  file: string;
  line: number;
  text: string;
}

/** Sources whose strings reach users: help, OpenAPI, problems, logs, metrics, output of commands. */
const sources = ['{apps,libs}/*/src/**/*.ts', '{tools,bench,fuzz}/src/**/*.ts', 'infra/image/*.ts'];
const isForTests = (file: string): boolean =>
  /\.test\.ts$|\/testing[-\w]*\.ts$|\/(testing|fixtures|golden|chaos|model)\/|^libs\/testkit\/|\/docs\/style\//.test(file);

/** Files that users read as they are. */
const pages = [
  '*.md',
  '{docs,examples,helm,infra,apps,libs}/**/*.md',
  '{acceptance,bench,fuzz,tools}/**/README.md',
  'helm/almanac/values*.{yaml,json}',
  'helm/almanac/Chart.yaml',
  'helm/almanac/files/*',
  'helm/almanac/templates/**/*.{txt,tpl,yaml}',
  'infra/{compose.yaml,.env.example,Dockerfile}',
  '{almanac,Makefile,NOTICE}',
  'examples/**/*.{py,sh,mjs}',
  '.github/**/*.{yml,md}',
];

/** Everything that users can see, from sources and pages. */
export function texts(): Text[] {
  const files = (patterns: readonly string[]) =>
    globSync([...patterns], { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path) }).sort();
  return [
    ...files(sources)
      .filter((file) => !isForTests(file))
      .flatMap((file) => stringsOf(file, readFileSync(join(root, file), 'utf8'))),
    ...files(pages).map((file) => ({ file, line: 1, text: readFileSync(join(root, file), 'utf8') })),
  ];
}

/** The strings of a TypeScript file that have at least two words. A sum of strings is one text; a value in a template is '…'. */
export function stringsOf(file: string, content: string): Text[] {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest);
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && /\S\s+\S/.test(text)) {
      found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, text });
    }
    // Strings within the values of a template are texts of their own; the parts of a sum are not.
    if (text === undefined || ts.isTemplateExpression(node)) ts.forEachChild(node, visit);
    else if (ts.isBinaryExpression(node)) for (const value of valuesOf(node)) visit(value);
  };
  visit(source);
  return found;
}

const isSum = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;

/** undefined: not a string. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  if (!isSum(node)) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : (left ?? '…') + (right ?? '…');
}

/** The operands of a sum that are not strings themselves, and its templates with values. */
const valuesOf = (sum: ts.BinaryExpression): ts.Node[] =>
  [sum.left, sum.right]
    .flatMap((operand) =>
      isSum(operand)
        ? valuesOf(operand)
        : ts.isTemplateExpression(operand)
          ? operand.templateSpans.map(({ expression }) => expression)
          : [operand],
    )
    .filter((node) => !ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node));
