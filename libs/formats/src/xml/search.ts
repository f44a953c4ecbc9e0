import type { OpenElement } from './element.ts';

/** The path of an element: the names from the root down to it. */
export type Path = readonly string[];

/** Nothing around elements at such a path can come twice: there is only the root. */
const OUTERMOST = 2;

/**
 * Finds out which elements are the records, from elements as they close. They are what comes twice under one parent and holds elements,
 * the outermost of such that has leaves of its own: so a header before the records is passed over, as are an object or a list in each of
 * them, and groups that hold nothing but records. Where nothing comes twice it is the first element that holds leaves alone; where
 * that holds only leaves of one name that have their values in attributes, it is those.
 */
export class RecordSearch {
  /** of each element: the names of the elements in it that hold elements, each with the one name of all that is in those */
  readonly #composites = new WeakMap<OpenElement, Map<string, string>>();
  /** of each element: the one name of all its children, '' where they differ */
  readonly #onlyName = new WeakMap<OpenElement, string>();
  readonly #lastLeaf = new WeakMap<OpenElement, string>();
  #repeated: Path | undefined;
  #flat: { path: Path; onlyName: string } | undefined;
  #attributed: Path | undefined;

  /** An element has closed below `parent`. Answers whether `best` is final: nothing that is still to come can be better. */
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

  /** The path of the records, as far as can be told now. Undefined: nothing yet looks like one. */
  best(): Path | undefined {
    if (this.#repeated !== undefined) return this.#repeated;
    const flat = this.#flat;
    if (this.#attributed === undefined) return flat?.path;
    const [name, parent] = [this.#attributed.at(-1), this.#attributed.slice(0, -1)];
    const isAllOfIt = flat === undefined || (flat.onlyName === name && flat.path.join('/') === parent.join('/'));
    return isAllOfIt ? this.#attributed : flat.path;
  }

  /** An element that holds elements has closed for the second time under its parent. */
  #again(element: OpenElement, onlyName: string, path: Path): boolean {
    const hasLeaves = element.children > element.composites;
    if (this.#repeated === undefined) this.#repeated = hasLeaves || onlyName === '' ? path : [...path, onlyName];
    else if (hasLeaves && path.length < this.#repeated.length) this.#repeated = path;
    return path.length <= OUTERMOST;
  }

  /** An element that holds elements has closed: is it the first that holds leaves alone? */
  #composite(element: OpenElement, pathOf: () => Path): void {
    if (element.composites === 0) this.#flat ??= { path: pathOf(), onlyName: this.#onlyName.get(element) ?? '' };
  }

  #leaf(element: OpenElement, parent: OpenElement, pathOf: () => Path): void {
    if (this.#attributed !== undefined || element.attributes === 0) return;
    if (this.#lastLeaf.get(parent) === element.name) this.#attributed = pathOf();
    else this.#lastLeaf.set(parent, element.name);
  }
}
