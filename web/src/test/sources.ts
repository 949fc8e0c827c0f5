import { readdirSync, readFileSync } from 'node:fs';

/** sources are what the program is made of, by path below src: no tests, nothing that is generated. */
export const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.gen\.ts$|^test\//.test(path))
  .map((path) => ({ path, text: readFileSync(`src/${path}`, 'utf8') }));
