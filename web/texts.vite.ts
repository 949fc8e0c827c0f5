import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** late are the groups of texts nobody sees before he has signed in. */
const late = [
  'analysis',
  'audit',
  'clock',
  'contact',
  'desk',
  'evidence',
  'funnel',
  'handover',
  'import',
  'list',
  'member',
  'move',
].concat(['pipeline', 'record']);

/** texts gives a language in two files: zh-CN.json?first is what a sign-in page needs, ?late all else. */
export function texts(): Plugin {
  return {
    name: 'yunchou:texts',
    enforce: 'pre',
    load(id) {
      const [, file, part] = /^(.*\/locales\/[\w-]+\.json)\?(first|late)$/.exec(id) ?? [];
      if (!file) return null;
      this.addWatchFile(file);
      const all = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
      const some = Object.fromEntries(all.filter(([group]) => late.includes(group) === (part === 'late')));
      return { code: `export default ${JSON.stringify(some)}`, moduleType: 'js' };
    },
  };
}
