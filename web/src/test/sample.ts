import { readFileSync } from 'node:fs';

type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  format?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
};
type Operation = { responses: Record<string, { content?: Record<string, { schema: Schema }> }> };
const document = JSON.parse(readFileSync('../docs/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** How much a sample holds: one of everything, or nothing at all. */
export type Fill = 'one' | 'none';

const texts: Record<string, string> = { currency: 'CNY', timeZone: 'Asia/Shanghai', mode: 'stock' };

function text(s: Schema, name: string): string {
  if (s.format === 'date' || /(On|^on|^from|^to|^today)$/.test(name)) return '2026-03-09';
  if (s.format === 'date-time' || /At$/.test(name)) return '2026-03-09T01:00:00Z';
  return texts[name] ?? (name.toLowerCase().endsWith('id') ? 'x1' : `${name} 1`);
}

/** sample is a body as the API document describes it, with all it must have. */
function sample(s: Schema, fill: Fill, name = '', depth = 0): unknown {
  if (s.$ref) return sample(document.components.schemas[s.$ref.split('/').at(-1) ?? ''] ?? {}, fill, name, depth + 1);
  const either = s.anyOf ?? s.oneOf;
  if (either?.[0]) return sample(either[0], fill, name, depth);
  if (s.enum) return s.enum[0];
  const type = Array.isArray(s.type) ? (fill === 'none' && s.type.includes('null') ? 'null' : s.type[0]) : s.type;
  if (type === 'array') return fill === 'one' && s.items && depth < 9 ? [sample(s.items, fill, name, depth + 1)] : [];
  if (type === 'object')
    return Object.fromEntries(
      (s.required ?? []).map((key) => [key, sample(s.properties?.[key] ?? {}, fill, key, depth)]),
    );
  if (type === 'integer' || type === 'number') return fill === 'one' ? 1 : 0;
  if (type === 'boolean') return false;
  return type === 'string' ? text(s, name) : null;
}

const known = Object.keys(document.paths).map((path) => ({
  path,
  fits: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** answerOf is what the API document says a question is answered with; undefined of a question it does not know. */
export function answerOf(method: string, pathname: string, fill: Fill): { path: string; body: unknown } | undefined {
  const path = known.find((k) => k.path === pathname)?.path ?? known.find((k) => k.fits.test(pathname))?.path;
  const ok = path && document.paths[path]?.[method.toLowerCase()]?.responses;
  if (!path || !ok) return undefined;
  const schema = (ok['200'] ?? ok['201'])?.content?.['application/json']?.schema;
  return { path, body: schema ? sample(schema, fill) : undefined };
}
