import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { open, screens } from '../test/rig';

vi.setConfig({ testTimeout: 30_000 });
screens();

test('an export that is refused says why in the page, which stays', async () => {
  await open('/contacts');
  await userEvent.click(await screen.findByRole('button', { name: /Export/ }));
  const refused = { code: 'request.too_many_at_once' };
  vi.spyOn(window, 'fetch').mockResolvedValue(new Response(JSON.stringify(refused), { status: 429 }));
  await userEvent.click(await screen.findByRole('link', { name: 'CSV' }));
  expect(await screen.findByText(/as much as one person may at once/)).toBeTruthy();
  expect(screen.getByRole('heading', { level: 1, name: 'Contacts' })).toBeTruthy();
});
