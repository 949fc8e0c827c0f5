import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ApiError } from '../api/client';
import { ready } from '../app/i18n';
import { Field } from './bits';
import { Dialog } from './Dialog';

beforeAll(() => ready);
afterEach(cleanup);

const refused = (pointer?: string) =>
  new ApiError({
    type: 'about:blank',
    title: 'no',
    status: 422,
    code: 'calendar.bad_date',
    errors: pointer ? [{ pointer, code: 'calendar.bad_date' }] : undefined,
  } as never);

/** Page is a button and the form it opens. */
function Page({ held, onOk, ready, error }: { held?: boolean; onOk: () => void; ready?: boolean; error?: unknown }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        open
      </button>
      {open && (
        <Dialog
          title="form"
          ok="Save"
          held={held}
          ready={ready}
          error={error}
          onOk={onOk}
          onClose={() => setOpen(false)}
        >
          <Field label="Name" at="name">
            <Input value={name} onChange={(e) => setName(e.target.value)} />
          </Field>
          <Field label="Team" at="teamId">
            <Select options={[{ value: 'a', label: 'a' }]} />
          </Field>
        </Dialog>
      )}
    </>
  );
}

const opened = async () => {
  await userEvent.click(screen.getByText('open'));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
};

// That Enter submits is the browser's doing: web/e2e holds it.
test('a form begins in its first field, and submitting it acts once', async () => {
  const ok = vi.fn();
  render(<Page onOk={ok} />);
  await opened();
  await userEvent.keyboard('x');
  fireEvent.submit(document.querySelector('form.dialog') as HTMLFormElement);
  expect(ok).toHaveBeenCalledTimes(1);
});

test('Enter does nothing where the form is not ready', async () => {
  const ok = vi.fn();
  render(<Page onOk={ok} ready={false} />);
  await opened();
  await userEvent.keyboard('{Enter}');
  fireEvent.submit(document.querySelector('form.dialog') as HTMLFormElement);
  expect(ok).not.toHaveBeenCalled();
});

test('Escape leaves, and the focus is where it was', async () => {
  render(<Page onOk={() => {}} />);
  await opened();
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByLabelText('Name')).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText('open')));
});

test('what the server refuses stands at its field', async () => {
  render(<Page onOk={() => {}} error={refused('/teamId')} />);
  await opened();
  const wrong = document.querySelector('.field.wrong');
  expect(wrong?.textContent).toContain('Team');
  expect(wrong?.querySelector('[role=alert]')?.textContent).not.toBe('');
});

test('a refusal that names no field stands above the form', async () => {
  render(<Page onOk={() => {}} error={refused()} />);
  await opened();
  expect(document.querySelector('.field.wrong')).toBeNull();
  expect(document.querySelector('form.dialog > .ant-alert')).not.toBeNull();
});

test('what is shown once goes by its button alone', async () => {
  render(<Page held onOk={() => {}} />);
  await opened();
  await userEvent.keyboard('{Escape}');
  expect(screen.getByLabelText('Name')).toBeTruthy();
  expect(document.querySelector('.ant-modal-close')).toBeNull();
});
