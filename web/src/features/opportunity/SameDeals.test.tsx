import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { MemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { MeContext } from '../../app/session';
import { type Ask, me, screens, serve } from '../../test/rig';
import { CreateDialog } from './CreateDialog';

screens();

test('a customer who has such a deal already is told so before it is saved, with a link; it can be saved all the same', async () => {
  const deal = { id: 'deal', name: '视觉检测站', accountId: 'firm', account: 'Acme', ownerId: 'me', currency: 'CNY' };
  const asked = serve({
    answers: {
      '/api/accounts': { items: [{ id: 'firm', name: 'Acme' }] },
      'GET /api/opportunities': ({ query }: Ask) => ({ items: query.get('account') === 'firm' ? [deal] : [] }),
    },
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <App>
        <MeContext value={me}>
          <MemoryRouter>
            <CreateDialog onClose={() => {}} />
          </MemoryRouter>
        </MeContext>
      </App>
    </QueryClientProvider>,
  );
  const name = await screen.findByLabelText('Opportunity');
  await userEvent.type(screen.getByLabelText(/^Account/), 'Acme');
  await userEvent.type(name, '二期改造');
  await waitFor(() => expect(asked.some((a) => a.query.get('account') === 'firm')).toBe(true));
  expect(screen.queryByRole('link', { name: '视觉检测站' })).toBeNull();
  await userEvent.clear(name);
  await userEvent.type(name, '视觉检测仓');
  const link = await screen.findByRole('link', { name: '视觉检测站' });
  expect(link.getAttribute('href')).toMatch(/\/opportunities\/deal$/);
  expect(screen.getByRole('button', { name: /create/i })).toHaveProperty('disabled', false);
});
