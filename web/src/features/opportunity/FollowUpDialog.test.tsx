import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { comeBack, parting, wordLeft } from '../../app/farewell';
import { MeContext } from '../../app/session';
import { type Ask, me, screens, serve } from '../../test/rig';
import { FollowUpDialog } from './FollowUpDialog';

screens();

const people = { a: 'Ada', b: 'Bob' };

/** Sheet is a follow-up on a deal of one of two customers; which one is changed beside it. */
function Sheet() {
  const [firm, setFirm] = useState<'a' | 'b'>('a');
  const [open, setOpen] = useState(true);
  if (!open) return <p>closed</p>;
  const choose = (['a', 'b'] as const).map((f) => (
    <button key={f} type="button" onClick={() => setFirm(f)}>
      deal {f}
    </button>
  ));
  const topic = { id: `deal-${firm}`, accountId: firm, name: firm, account: firm };
  return <FollowUpDialog topic={topic} at="here" choose={choose} onClose={() => setOpen(false)} />;
}

function show() {
  const asked = serve({
    answers: {
      '/api/contacts': ({ query }: Ask) => {
        const firm = query.get('account') as 'a' | 'b';
        return { items: firm ? [{ id: `person-${firm}`, name: people[firm], title: '' }] : [] };
      },
      '/api/opportunities/{id}': { contacts: [], nextStepOn: '2026-03-16' },
    },
  });
  const query = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const sheet = (
    <QueryClientProvider client={query}>
      <App>
        <MeContext value={me}>
          <Sheet />
        </MeContext>
      </App>
    </QueryClientProvider>
  );
  return { asked, query, ...render(sheet) };
}

const words = () => screen.findByRole('textbox', { name: /words|said/i });
/** held tells whether the browser would ask before the page is left. */
const held = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

test('who was chosen for one customer was not there for another', async () => {
  const { asked } = show();
  await userEvent.type(await words(), 'they liked it');
  await userEvent.click(await screen.findByRole('button', { name: 'Ada' }));
  await userEvent.click(screen.getByRole('button', { name: 'deal b' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Bob' }));
  await userEvent.click(screen.getByRole('button', { name: /save/i }));
  await screen.findByText('closed');
  const said = asked.find((a) => a.method === 'POST');
  expect(said?.path).toBe('/api/opportunities/deal-b/follow-ups');
  expect(said?.body).toMatchObject({ contactIds: ['person-b'], words: 'they liked it' });
});

test('a page with words that are saved nowhere is not left without a question, and keeps them over a new sign-in', async () => {
  show();
  expect(held()).toBe(false);
  await userEvent.type(await words(), 'next Wednesday');
  expect(held()).toBe(true);
  parting();
  expect(wordLeft()).toBe('endedKept');
  await userEvent.keyboard('{Escape}');
  comeBack(true);
  expect(held()).toBe(true);
  expect(await words()).toHaveProperty('value', 'next Wednesday');
  await userEvent.click(await screen.findByRole('button', { name: 'Ada' }));
  await userEvent.click(screen.getByRole('button', { name: /save/i }));
  await screen.findByText('closed');
  expect(held()).toBe(false);
});
