/** A store's address as it may be shown and written down: without a password, also if the address is malformed. */
export function hidePassword(url: string): string {
  if (url.startsWith('unix:')) return url;
  const at = url.lastIndexOf('@');
  if (at < 0) return URL.parse(url)?.password === '' && /^\w+:\/\/[^:/]+|^\w+:\/\/\[/.test(url) ? url : '...';
  const [, login, colon] = /^(\w+:\/\/[^:@/?#]*)(:?)/.exec(url.slice(0, at)) ?? [];
  // A user name that something other than a password follows may be a part of one.
  const isWhole = login !== undefined && (colon === ':' || login.length === at);
  return `${isWhole ? `${login}${colon === ':' ? ':...' : ''}` : '...'}${url.slice(at)}`;
}
