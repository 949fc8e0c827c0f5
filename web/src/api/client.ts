import createClient from 'openapi-fetch';
import { getActingFor } from './acting';
import { asked } from './asked';
import { unattended } from './attended';
import { base, under } from './base';
import type { components, paths } from './schema.gen';

export type Schemas = components['schemas'];
export type Problem = Partial<Schemas['HttpapiProblem']> & { code: string };

/** ApiError is a problem document: a stable code and what the text needs. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.code);
    this.problem = problem;
  }
}

let csrf = '';
export const setCsrf = (token: string) => {
  csrf = token;
};

// When somebody last did what the server answered: a session is left alone from then on, however long the answer took.
let answered = Date.now();
const sent = new WeakMap<Request, number>();
export const lastAnswer = () => answered;

/** UNATTENDED says that the page asks by itself: what nobody asked for does not keep a session. */
const UNATTENDED = 'Yunchou-Unattended';

const client = createClient<paths>({ baseUrl: base, fetch: (r: Request) => asked(r) ?? fetch(r) });
client.use({
  onRequest({ request }) {
    if (csrf) request.headers.set('X-CSRF-Token', csrf);
    if (getActingFor() && !new URL(request.url).pathname.startsWith(under('/api/session')))
      request.headers.set('On-Behalf-Of', getActingFor());
    if (unattended()) request.headers.set(UNATTENDED, '1');
    else sent.set(request, Date.now());
    return request;
  },
  onResponse({ request }) {
    answered = Math.max(answered, sent.get(request) ?? 0);
  },
});
export const api = client;

/**
 * problemOf is what an answer says went wrong; its number is in the header too, where the body is none of ours: a
 * proxy before the program answers pages of its own.
 */
export function problemOf(body: unknown, { status, headers }: Response): Problem {
  const p = body as Problem | undefined;
  const requestId = headers.get('X-Request-Id') ?? undefined;
  if (p?.code) return { requestId, ...p };
  if (status === 413) return { code: 'proxy.too_large', requestId };
  if (status === 502 || status === 503 || status === 504) return { code: 'proxy.away', requestId };
  return { code: 'proxy.other', params: { status }, requestId };
}

const unreached = () => new ApiError({ code: 'network', detail: 'no connection' });

/** away tells that the server itself did not answer: what was asked may be asked again. */
export const away = (err: unknown) =>
  err instanceof ApiError && ['network', 'proxy.away', 'unavailable'].includes(err.problem.code);

/** over tells the answer to whoever has no session any more. */
export const over = (err: unknown) =>
  err instanceof ApiError && ['org.session_ended', 'org.session_missing'].includes(err.problem.code);

/** reading tells that what was asked waits for the company's deals to be read after a start: it is asked again. */
export const reading = (err: unknown) => err instanceof ApiError && err.problem.code === 'funnel.loading';

/** must unwraps an answer, or throws its problem. */
export async function must<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer: { data?: T; error?: unknown; response: Response };
  try {
    answer = await call;
  } catch {
    throw unreached();
  }
  if (answer.error !== undefined || !answer.response.ok) {
    throw new ApiError(problemOf(answer.error, answer.response));
  }
  return answer.data as T;
}

/** tagged is must for what is replaced with If-Match: the answer with its ETag. */
export async function tagged<T extends object>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T & { etag: string }> {
  let etag = '';
  const data = await must(
    call.then((answer) => {
      etag = answer.response.headers.get('ETag') ?? '';
      return answer;
    }),
  );
  return { ...data, etag };
}

/** saveFile asks for a file and has the browser save it; a refusal is thrown, and not shown as a page of its own. */
export async function saveFile(address: string, name = '') {
  const answer = await fetch(address).catch(() => {
    throw unreached();
  });
  answered = Date.now();
  if (!answer.ok) throw new ApiError(problemOf(await answer.json().catch(() => undefined), answer));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** uploadTold is upload that tells how much has gone out, from 0 to 1: only the older kind of request can. */
export function uploadTold<T>(url: string, file: File, told: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const r = new XMLHttpRequest();
    r.open('POST', under(url));
    r.setRequestHeader('Content-Type', 'application/octet-stream');
    r.setRequestHeader('X-CSRF-Token', csrf);
    r.upload.onprogress = (e) => e.lengthComputable && told(e.loaded / e.total);
    r.onerror = () => reject(unreached());
    r.onload = () => {
      answered = Date.now();
      const id = r.getResponseHeader('X-Request-Id');
      const answer = new Response(null, {
        status: r.status === 204 ? 200 : r.status,
        headers: id ? { 'X-Request-Id': id } : {},
      });
      let body: unknown;
      try {
        body = JSON.parse(r.responseText);
      } catch {
        body = undefined;
      }
      if (answer.ok && body !== undefined) resolve(body as T);
      else reject(new ApiError(problemOf(body, answer)));
    };
    r.send(file);
  });
}

/** upload sends raw bytes; the generated client only knows JSON. */
export async function upload<T>(url: string, file: File): Promise<T> {
  const r = await fetch(under(url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', 'X-CSRF-Token': csrf },
    body: file,
  }).catch(() => {
    throw unreached();
  });
  const body: unknown = await r.json().catch(() => undefined);
  if (!r.ok) throw new ApiError(problemOf(body, r));
  return body as T;
}
