import type { OpenElement } from './xml-element.ts';

/** The path of an element: the names from the root down to it. */
export type Path = readonly string[];

/**
 * Finds out which elements are the records, from elements as they close. Elements that hold elements and come twice under one parent
 * are records: that passes over a header before them, and over an object in each record. Where nothing comes twice it is the first
 * element that holds leaves alone; where that holds only leaves of one name that have their values in attributes, it is those.
 */
export class RecordSearch {
  readonly #composites = new WeakMap<OpenElement, Set<string>>();
  /** of each element: the one name of all its children, '' where they differ */
  readonly #onlyName = new WeakMap<OpenElement, string>();
  readonly #lastLeaf = new WeakMap<OpenElement, string>();
  #flat: { path: Path; onlyName: string } | undefined;
  #attributed: Path | undefined;

  /** An element has closed below `parent`. Answers whether elements of this name are surely the records. */
  closed(element: OpenElement, parent: OpenElement, pathOf: () => Path): boolean {
    const { name } = element;
    const onlyName = this.#onlyName.get(parent);
    this.#onlyName.set(parent, onlyName === undefined || onlyName === name ? name : '');
    if (element.children === 0) {
      this.#leaf(element, parent, pathOf);
      return false;
    }
    this.#composite(element, pathOf);
    const before = this.#composites.get(parent) ?? new Set();
    if (before.has(name)) return true;
    this.#composites.set(parent, before.add(name));
    return false;
  }

  /** The root has closed, or there is no more room to wait for what comes. Undefined: nothing yet looks like a record. */
  best(): Path | undefined {
    const flat = this.#flat;
    if (this.#attributed === undefined) return flat?.path;
    const [name, parent] = [this.#attributed.at(-1), this.#attributed.slice(0, -1)];
    const isAllOfIt = flat === undefined || (flat.onlyName === name && flat.path.join('/') === parent.join('/'));
    return isAllOfIt ? this.#attributed : flat.path;
  }

  /** An element that holds elements has closed: `best` asks for the first that holds leaves alone. */
  #composite(element: OpenElement, pathOf: () => Path): void {
    if (element.composites === 0) this.#flat ??= { path: pathOf(), onlyName: this.#onlyName.get(element) ?? '' };
  }

  rootClosed(root: OpenElement): void {
    if (root.children > 0) this.#composite(root, () => [root.name]);
  }

  #leaf(element: OpenElement, parent: OpenElement, pathOf: () => Path): void {
    if (this.#attributed !== undefined || element.attributes === 0) return;
    if (this.#lastLeaf.get(parent) === element.name) this.#attributed = pathOf();
    else this.#lastLeaf.set(parent, element.name);
  }
}
