import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ComponentType, useState } from 'react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { ready } from '../app/i18n';
import { Dialog } from './Dialog';
import { later } from './later';

beforeAll(() => ready);
afterEach(cleanup);

type Props = { onClose: () => void };

const Loaded = ({ onClose }: Props) => (
  <Dialog title="form" onOk={onClose} onClose={onClose}>
    <input />
  </Dialog>
);

let arrive = () => {};
const Form = later<Props>(
  () =>
    new Promise<ComponentType<Props>>((resolve) => {
      arrive = () => resolve(Loaded);
    }),
);

/** Page is a button and the form it opens, which has to be loaded. */
function Page() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        open
      </button>
      {open && <Form onClose={() => setOpen(false)} />}
    </>
  );
}

test('the focus goes back to what asked for a dialog that had to be loaded', async () => {
  render(<Page />);
  const button = screen.getByRole('button', { name: 'open' });
  await userEvent.click(button);
  button.blur(); // as a menu does that closes meanwhile
  arrive();
  await screen.findByRole('dialog');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(document.activeElement).toBe(button));
});
