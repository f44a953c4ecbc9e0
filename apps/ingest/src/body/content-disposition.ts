/** The file name of a Content-Disposition header (RFC 6266), the extended form first: filename*=UTF-8''L%C3%A4nder.csv. */
export function dispositionFilename(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(`;${header}`)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // Invalid encoding: use the plain form.
    }
  }
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(`;${header}`);
  return plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
}
