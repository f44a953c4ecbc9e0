import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Returns 128 random bits as 22 letters, digits, - and _. */
export const newSecret = (): string => randomBytes(16).toString('base64url');

/** Compares two texts in constant time. */
export const isSameSecret = (known: string, given: string): boolean => timingSafeEqual(digest(known), digest(given));

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
