import type { Rolldown } from 'vite';

// Each file of a build costs a browser some milliseconds whatever its size, and a page of this program would name
// forty. So they are few: what is there before anybody has signed in, what several pages use, and each page's own.
const libraries = /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch)\//;
const ofTexts = /\/src\/texts\/merged\.ts$/;

/** ofTheFirstScreen tells our own modules that are needed whoever opens the page. */
function ofTheFirstScreen(id: string, context: Rolldown.ChunkingContext): boolean {
  const [, root, own] = /^(.*\/web)(\/src\/.*)$/.exec(id) ?? [];
  if (!own) return false;
  const all = new Set([`${root}/src/main.tsx`]);
  for (const module of all)
    for (const next of context.getModuleInfo(module)?.importedIds ?? [])
      if (!next.includes('node_modules')) all.add(next);
  return all.has(id);
}

// Menus are for what has them, the parts of a record, and the field one searches with is the lists': most pages have none.
const ofMost = (id: string) =>
  !/node_modules\/@rc-component\/menu\/|\/src\/(ui\/(Search|Facts)|features\/conversation\/queries)\.tsx?$/.test(id);

const first = (id: string, context: Rolldown.ChunkingContext) =>
  libraries.test(id) || ofTexts.test(id) || ofTheFirstScreen(id, context) ? 'first' : null;

export const chunks: Rolldown.CodeSplittingOptions = {
  groups: [
    { name: first, priority: 3 },
    { name: 'most', test: ofMost, minShareCount: 6, priority: 1 },
  ],
};
