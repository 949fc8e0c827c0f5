import { basename } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { routes } from './src/app/routes.ts';

type Bundle = Rolldown.OutputBundle;

/** stylesAlone tells a file that Vite takes away again: a page that needs the styles names them itself. */
const stylesAlone = ({ moduleIds }: Rolldown.OutputChunk) =>
  moduleIds.length > 0 && moduleIds.every((id) => id.endsWith('.css'));

/** filesOf are the names of all that a module needs before it runs, the languages' texts apart. */
function filesOf(bundle: Bundle, module: string): string[] {
  const chunks = new Map(
    Object.values(bundle)
      .filter((c) => c.type === 'chunk')
      .filter((c) => !stylesAlone(c))
      .map((c) => [c.fileName, c]),
  );
  const holds = (c: Rolldown.OutputChunk) =>
    c.facadeModuleId?.endsWith(module) || c.moduleIds.some((id) => id.endsWith(module));
  const first = [...chunks.values()].find(holds);
  if (!first) throw new Error(`${module} is in no file of the build`);
  const all = new Set([first.fileName]);
  for (const name of all) for (const next of chunks.get(name)?.imports ?? []) if (chunks.has(next)) all.add(next);
  return [...all].map((name) => basename(name));
}

/** The names start.ts asks for; what the page names itself is loaded already. */
function filesOfStart(bundle: Bundle) {
  const main = filesOf(bundle, '/index.html');
  const more = (modules: string[]) =>
    [...new Set(modules.flatMap((m) => filesOf(bundle, m)))].filter((file) => !main.includes(file));
  const textsOf = (part: string) =>
    Object.fromEntries(['zh-CN', 'en-US'].map((l) => [l, more([`/src/texts/${l}.${part}.ts`])]));
  return {
    texts: textsOf('first'),
    lateTexts: textsOf('late'),
    pages: Object.fromEntries(
      Object.entries(routes).map(([at, page]) => [at, more(['/src/app/Shell.tsx', `/src/features/${page}.tsx`])]),
    ),
  };
}

/** start builds src/start.ts by itself, with the names of the other files in it, and has the page run it first. */
export function start(): Plugin {
  let file = '';
  return {
    name: 'yunchou:start',
    apply: 'build',
    async generateBundle(_, bundle) {
      const built = await build({
        configFile: false,
        logLevel: 'error',
        define: { FILES: JSON.stringify(filesOfStart(bundle)) },
        build: { write: false, target: 'es2022', lib: { entry: 'src/start.ts', formats: ['iife'], name: 'start' } },
      });
      const [output] = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[];
      const code = output?.output[0].code ?? '';
      file = this.getFileName(this.emitFile({ type: 'asset', name: 'start.js', source: code }));
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('<script type="module"', `<script src="./${file}"></script>\n    $&`),
    },
  };
}
