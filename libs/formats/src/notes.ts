import { loadLimits } from '@almanac/domain';
import { copyText } from './copy-text.ts';

/** Sentences about a load for a person: unique, bounded in length and number. The last one counts those left out. */
export class Notes extends Set<string> {
  #leftOut = 0;

  override add(note: string): this {
    const { notes, noteCharacters } = loadLimits;
    const text = copyText(note.length > noteCharacters.value ? `${note.slice(0, noteCharacters.value - 3)}...` : note);
    if (this.has(text)) return this;
    if (this.size < notes.value) return super.add(text);
    this.delete(this.#last());
    this.#leftOut++;
    return super.add(this.#last());
  }

  #last(): string {
    return `Notes left out: ${this.#leftOut.toLocaleString('en')}.`;
  }
}
