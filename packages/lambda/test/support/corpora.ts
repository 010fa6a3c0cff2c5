import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../../shared/corpora/', import.meta.url));

/** The parsed file, or undefined where the corpora are not beside the checkout. */
export const corpus = (path: string): unknown =>
  existsSync(folder + path) ? JSON.parse(readFileSync(folder + path, 'utf8')) : undefined;
