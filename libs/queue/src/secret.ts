import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 128 random bits as a text of 22 letters, digits, - and _. */
export const newSecret = (): string => randomBytes(16).toString('base64url');

/** Whether two texts are equal, in a time that does not depend on where they differ. */
export const isSameSecret = (known: string, given: string): boolean => timingSafeEqual(digest(known), digest(given));

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
