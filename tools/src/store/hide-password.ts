/** A store's address as it may be shown and written down. */
export const hidePassword = (url: string): string => url.replace(/(:\/\/[^:@/]*):.*@/, '$1:...@');
