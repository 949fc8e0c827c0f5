import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { open, screens } from '../../test/rig';

vi.setConfig({ testTimeout: 30_000 });
screens();

test('what is typed before the search is there is in its field', async () => {
  await open('/tasks');
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  await userEvent.keyboard('19x{Backspace}9');
  const field = await screen.findByRole('combobox', { name: /search/i }, { timeout: 15_000 });
  await vi.waitFor(() => expect(field).toHaveProperty('value', '199'));
  await userEvent.type(field, '08');
  expect(field).toHaveProperty('value', '19908');
});
