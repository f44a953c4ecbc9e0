import type { OpenElement } from './element.ts';

/** The path of an element: the names from the root down to it. */
export type Path = readonly string[];

/** Length of a path whose parent is the root, which cannot be repeated. */
const OUTERMOST = 2;

/**
 * Finds the records of a document. They are the elements with children that are repeated under one parent: of those, the outermost ones
 * that have leaves of their own. So a header before the records, a list inside each record, and groups that contain only records are no
 * records. If no element is repeated, the record is the first element that has only leaves; if those all have the same name and their
 * values in attributes, the leaves are the records.
 */
export class RecordSearch {
  /** element -> names of its children that have children, each with the common name of their children */
  readonly #composites = new WeakMap<OpenElement, Map<string, string>>();
  /** element -> the common name of all its children, '' if they differ */
  readonly #onlyName = new WeakMap<OpenElement, string>();
  readonly #lastLeaf = new WeakMap<OpenElement, string>();
  #repeated: Path | undefined;
  #flat: { path: Path; onlyName: string } | undefined;
  #attributed: Path | undefined;

  /** An element below `parent` is complete. Returns whether `best` is final. */
  closed(element: OpenElement, parent: OpenElement, pathOf: () => Path): boolean {
    const { name } = element;
    const onlyName = this.#onlyName.get(parent);
    this.#onlyName.set(parent, onlyName === undefined || onlyName === name ? name : '');
    if (element.children === 0) {
      this.#leaf(element, parent, pathOf);
      return false;
    }
    this.#composite(element, pathOf);
    const siblings = this.#composites.get(parent) ?? new Map<string, string>();
    const [before, here] = [siblings.get(name), this.#onlyName.get(element) ?? ''];
    this.#composites.set(parent, siblings.set(name, before === undefined || before === here ? here : ''));
    return before === undefined ? false : this.#again(element, siblings.get(name) as string, pathOf());
  }

  rootClosed(root: OpenElement): void {
    if (root.children > 0) this.#composite(root, () => [root.name]);
  }

  /** The best path of the records so far; undefined if there is none. */
  best(): Path | undefined {
    if (this.#repeated !== undefined) return this.#repeated;
    const flat = this.#flat;
    if (this.#attributed === undefined) return flat?.path;
    const [name, parent] = [this.#attributed.at(-1), this.#attributed.slice(0, -1)];
    const isAllOfIt = flat === undefined || (flat.onlyName === name && flat.path.join('/') === parent.join('/'));
    return isAllOfIt ? this.#attributed : flat.path;
  }

  /** A second element of this name, with children, is complete under the same parent. */
  #again(element: OpenElement, onlyName: string, path: Path): boolean {
    const hasLeaves = element.children > element.composites;
    if (this.#repeated === undefined) this.#repeated = hasLeaves || onlyName === '' ? path : [...path, onlyName];
    else if (hasLeaves && path.length < this.#repeated.length) this.#repeated = path;
    return path.length <= OUTERMOST;
  }

  /** An element with children is complete: it may be the first that has only leaves. */
  #composite(element: OpenElement, pathOf: () => Path): void {
    if (element.composites === 0) this.#flat ??= { path: pathOf(), onlyName: this.#onlyName.get(element) ?? '' };
  }

  #leaf(element: OpenElement, parent: OpenElement, pathOf: () => Path): void {
    if (this.#attributed !== undefined || element.attributes === 0) return;
    if (this.#lastLeaf.get(parent) === element.name) this.#attributed = pathOf();
    else this.#lastLeaf.set(parent, element.name);
  }
}
