import createClient from 'openapi-fetch';
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

// actingFor is the principal an assistant acts for; it lasts as long as the tab.
let actingFor = sessionStorage.getItem('yunchou.for') ?? '';
export const getActingFor = () => actingFor;
export const setActingFor = (member: string) => {
  actingFor = member;
  if (member) sessionStorage.setItem('yunchou.for', member);
  else sessionStorage.removeItem('yunchou.for');
};

// When the server last answered: a session is left alone from then on.
let answered = Date.now();
export const lastAnswer = () => answered;

const client = createClient<paths>({ baseUrl: base, fetch: (r: Request) => fetch(r) });
client.use({
  onRequest({ request }) {
    if (csrf) request.headers.set('X-CSRF-Token', csrf);
    if (actingFor && !new URL(request.url).pathname.startsWith(under('/api/session')))
      request.headers.set('On-Behalf-Of', actingFor);
    return request;
  },
  onResponse() {
    answered = Date.now();
  },
});
export const api = client;

/** problemOf is what an answer says went wrong; its number is in the header too, where the body is none of ours. */
export function problemOf(body: unknown, response: Response): Problem {
  const p = body as Problem | undefined;
  const requestId = response.headers.get('X-Request-Id') ?? undefined;
  return p?.code ? { requestId, ...p } : { code: `http.${response.status}`, requestId };
}

/** must unwraps an answer, or throws its problem. */
export async function must<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer: { data?: T; error?: unknown; response: Response };
  try {
    answer = await call;
  } catch {
    throw new ApiError({ code: 'network', detail: 'no connection' });
  }
  if (answer.error !== undefined || !answer.response.ok) {
    throw new ApiError(problemOf(answer.error, answer.response));
  }
  return answer.data as T;
}

/** upload sends raw bytes; the generated client only knows JSON. */
export async function upload<T>(url: string, file: File): Promise<T> {
  const r = await fetch(under(url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', 'X-CSRF-Token': csrf },
    body: file,
  });
  const body: unknown = await r.json().catch(() => undefined);
  if (!r.ok) throw new ApiError(problemOf(body, r));
  return body as T;
}
