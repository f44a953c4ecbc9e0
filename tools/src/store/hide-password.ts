/** Returns an address of a store without its password, for output and files, even if the address is malformed. */
export function hidePassword(url: string): string {
  if (url.startsWith('unix:')) return url;
  const at = url.lastIndexOf('@');
  if (at < 0) return URL.parse(url)?.password === '' && /^\w+:\/\/[^:/]+|^\w+:\/\/\[/.test(url) ? url : '...';
  const [, login, colon] = /^(\w+:\/\/[^:@/?#]*)(:?)/.exec(url.slice(0, at)) ?? [];
  // A user name that is not followed by a password may be a part of one.
  const isWhole = login !== undefined && (colon === ':' || login.length === at);
  return `${isWhole ? `${login}${colon === ':' ? ':...' : ''}` : '...'}${url.slice(at)}`;
}
