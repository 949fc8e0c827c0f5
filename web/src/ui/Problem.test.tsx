import { readdirSync, readFileSync } from 'node:fs';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeAll, expect, test } from 'vitest';
import { ApiError, problemOf } from '../api/client';
import { loadImportTexts, loadTexts } from '../app/i18n';
import en from '../texts/en-US';
import { Field } from './bits';
import { Missing, PageForm, ProblemBox } from './Problem';
import { requestOf, useProblemText } from './problemText';

beforeAll(loadTexts);
beforeAll(loadImportTexts);

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) => /(?<!test)\.tsx$/.test(f));

const shown = (what: ReactNode) => render(what).container.textContent;

function Said({ error }: { error: unknown }) {
  return useProblemText()(error);
}

const answered = (code: string) => new ApiError({ code, requestId: 'ABCDEFGH23456789' });

test('an unexpected error is shown with the number of its request, any other without', () => {
  for (const code of ['internal', 'unavailable', 'storage.damaged', 'proxy.away']) {
    expect(shown(<ProblemBox error={answered(code)} />)).toContain('Request ABCDEFGH23456789');
    expect(shown(<Said error={answered(code)} />)).toContain('Request ABCDEFGH23456789');
  }
  for (const code of ['request.busy', 'record.stale', 'input.required', 'org.permission_missing'])
    expect(requestOf(answered(code))).toBe('');
});

// A code is for programs: what stands in a sentence is a word.
test('codes and figures in a problem are worded', () => {
  const said = (code: string, params: Record<string, unknown>) =>
    shown(<Said error={new ApiError({ code, params } as never)} />);
  expect(said('evidence.value_required', { evidence: 'file' })).toContain(en.evidence.kind.file);
  expect(said('mapping.target_missing', { file: 'x.csv', field: 'expectedOn' })).toContain(en.import.target.expectedOn);
  expect(said('identity.wait', { seconds: 1 })).toContain('1 second');
  expect(said('identity.wait', { seconds: 1 })).not.toContain('1 seconds');
  expect(said('identity.wait', { seconds: 900 })).toContain('15 minutes');
  expect(said('nobody.knows', {})).toContain('(nobody.knows)');
});

test('the number is in the header where a proxy answers', () => {
  const response = new Response('bad gateway', { status: 502, headers: { 'X-Request-Id': 'from-the-proxy' } });
  expect(problemOf(undefined, response)).toEqual({ code: 'proxy.away', requestId: 'from-the-proxy' });
});

test('what could not be had says so, and nothing of what was typed', () => {
  const of = (error: unknown) => ({ isError: true, error, refetch: () => {} });
  expect(shown(<Missing of={of(new ApiError({ code: 'network' }))} />)).toContain(en.problem.lost.away);
  expect(shown(<Missing of={of(answered('internal'))} />)).toContain(en.problem.lost.internal);
  expect(shown(<Missing of={of(new ApiError({ code: 'org.permission_missing' }))} />)).toContain(
    en.problem.org.permission_missing,
  );
  expect(shown(<Missing of={{ ...of(null), isError: false }} />)).toBe('');
});

test('no write fails in silence', () => {
  const writes = sources.flatMap((f) => {
    const text = readFileSync(`src/${f}`, 'utf8');
    return [...text.matchAll(/const (\w+) = use(?:Mutation|Write|Change|TaskChange|OrgChange|Acted|FollowUp)\b/g)].map(
      (m) => ({
        what: `${f}: ${m[1]}`,
        said:
          text.includes(`${m[1]}.error`) ||
          text.includes(`write={${m[1]}}`) ||
          /onError|\.catch\(|told: true|mutateAsync/.test(text.slice(m.index, m.index + 900)),
      }),
    );
  });
  expect(writes.length).toBeGreaterThan(20);
  expect(writes.filter((x) => !x.said).map((x) => x.what)).toEqual([]);
});

// Asking again fails while the server restarts; a page that then goes takes with it what somebody writes on it.
test('no page gives up what it shows where asking again failed', () => {
  const gives = sources.filter((f) => /if \(\w+\.(isError|error)\)\s*return/.test(readFileSync(`src/${f}`, 'utf8')));
  expect(sources.length).toBeGreaterThan(50);
  expect(gives).toEqual([]);
});

test('what a form on a page is refused stands at its field, whichever page it is', () => {
  const refused = new ApiError({
    code: 'outgoing.port',
    errors: [{ pointer: '/port', code: 'outgoing.port' }],
  } as never);
  const form = render(
    <PageForm error={refused}>
      <Field label="Port" at="port">
        <input />
      </Field>
      <Field label="Host" at="host">
        <input />
      </Field>
    </PageForm>,
  ).container;
  expect([...form.querySelectorAll('.field.wrong')].map((f) => f.querySelector('span')?.textContent)).toEqual(['Port']);
  for (const f of sources) {
    const text = readFileSync(`src/${f}`, 'utf8');
    if (/<Field[^>]* at=/.test(text)) expect(text, f).not.toMatch(/save\.error.*<ProblemBox/);
  }
});
