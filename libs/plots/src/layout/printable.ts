import { plotLimits } from '@almanac/domain';
import type { Axis, Figure, Key, Mark, Panel } from '../figure.ts';
import type { Font } from '../font.ts';
import { shortened } from '../text.ts';

/** Drawn for a character that no font has. DejaVu Sans has this one. */
const BOX = '\u25a1';
/** Invisible and direction-changing characters, which could disguise a label. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g;

/** The figure with texts of limited length that the fonts can draw, and a note about characters that they cannot. */
export function printableFigure(figure: Figure, font: Font): Figure {
  const unknown = new Set<string>();
  const print = (text: string, most = plotLimits.labelCharacters.value): string => {
    // Cut before anything looks at each character: a value of a data set may have millions.
    const plain = shortened(text, most * 4)
      .normalize('NFC')
      .replace(/\s+/g, ' ')
      .replace(invisible, '');
    return Array.from(shortened(plain, most), (character) => {
      if (font.has(character.codePointAt(0)!)) return character;
      unknown.add(character);
      return BOX;
    }).join('');
  };
  const printed = {
    ...figure,
    title: print(figure.title, plotLimits.titleCharacters.value),
    ...(figure.footer === undefined ? {} : { footer: print(figure.footer) }),
    panels: figure.panels.map((panel) => printPanel(panel, print)),
  };
  return unknown.size === 0 ? printed : { ...printed, notes: [...figure.notes, unknownNote([...unknown])] };
}

type Print = (text: string) => string;

function printPanel(panel: Panel, print: Print): Panel {
  const { x, y, marks, keys, colourbar } = panel;
  return {
    ...panel,
    x: printAxis(x, print),
    y: printAxis(y, print),
    marks: marks.map((mark): Mark => (mark.name === undefined ? mark : { ...mark, name: print(mark.name) })),
    ...(keys === undefined ? {} : { keys: keys.map((key) => printKey(key, print)) }),
    ...(colourbar === undefined ? {} : { colourbar: { ...colourbar, ...printLabel(colourbar, print) } }),
  };
}

const printLabel = ({ label, unit }: { label: string; unit?: string | undefined }, print: Print) => ({
  label: print(label),
  ...(unit === undefined ? {} : { unit: print(unit) }),
});

function printAxis(axis: Axis, print: Print): Axis {
  const { scale } = axis;
  return {
    ...axis,
    ...printLabel(axis, print),
    scale: scale.kind === 'band' ? { kind: 'band', categories: scale.categories.map((name) => print(name)) } : scale,
  };
}

const printKey = ({ title, entries }: Key, print: Print): Key => ({
  title: print(title),
  entries: entries.map((entry) => ({ ...entry, name: print(entry.name) })),
});

function unknownNote(characters: readonly string[]): string {
  const names = characters
    .slice(0, 5)
    .map((character) => `${character} (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`);
  const more = characters.length > names.length ? ` and ${characters.length - names.length} more` : '';
  return `The fonts have no glyph for ${names.join(', ')}${more}; ${BOX} is drawn instead.`;
}
