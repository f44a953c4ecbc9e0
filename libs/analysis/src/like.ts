/** A test for a pattern in which * stands for any run of characters, the empty one too. Linear in the text, whatever the pattern. */
export function likePattern(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  const first = parts.shift() as string;
  if (parts.length === 0) return (text) => text === first;
  const last = parts.pop() as string;
  const between = parts.filter((part) => part !== '');
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of between) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
