/** The part of a page between `<!-- name -->` and `<!-- /name -->`, which a script writes. */
const between = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);

/** The page with the marked part replaced by `text`. */
export const withMarked = (page: string, name: string, text: string): string =>
  page.replace(between(name), (_, begin: string, end: string) => `${begin}${text}${end}`);

export const hasMarked = (page: string, name: string): boolean => between(name).test(page);
