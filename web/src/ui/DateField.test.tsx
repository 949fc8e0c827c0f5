import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { ready } from '../app/i18n';
import en from '../texts/en-US';
import { Field } from './bits';
import { DateField } from './DateField';
import { Today } from './today';

const heard: string[] = [];
beforeAll(async () => void (await ready));
afterEach(() => {
  cleanup();
  heard.length = 0;
});

function One({ from = '', ...bounds }: { from?: string; min?: string; max?: string; whenLeft?: boolean }) {
  const [v, setV] = useState(from);
  return (
    <Today.Provider value="2026-11-26">
      <Field label="到期">
        <DateField
          value={v}
          onChange={(d) => {
            heard.push(d);
            setV(d);
          }}
          {...bounds}
        />
      </Field>
      <button type="button">别处</button>
    </Today.Provider>
  );
}

const field = () => screen.getByLabelText<HTMLInputElement>(/^到期/, { selector: 'input' });

it('takes a day as it is typed, and writes it in full once it is left', async () => {
  render(<One />);
  await userEvent.type(field(), '12/3');
  await userEvent.click(screen.getByText('别处'));
  expect(heard.at(-1)).toBe('2026-12-03');
  expect(field().value).toBe('2026-12-03');
});

it('keeps what is no day, and says so', async () => {
  render(<One from="2026-12-01" />);
  await userEvent.clear(field());
  await userEvent.type(field(), '2026-02-30');
  await userEvent.click(screen.getByText('别处'));
  expect(field().value).toBe('2026-02-30');
  expect(screen.getByRole('alert').textContent).toBe(en.date.unreadable);
  expect(heard.at(-1)).toBe('');
});

it('says to which year a record may go, as the server does', async () => {
  render(<One />);
  await userEvent.type(field(), '2099-06-30');
  expect(screen.getByRole('alert').textContent).toBe(en.date.after.replace('{{max}}', '2078-12-31'));
});

it('says which days it takes', async () => {
  render(<One min="2026-11-26" max="2026-12-31" />);
  await userEvent.type(field(), '2026-11-01');
  expect(screen.getByRole('alert').textContent).toBe(en.date.before.replace('{{min}}', '2026-11-26'));
  await userEvent.click(screen.getByRole('button', { name: en.date.pick }));
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /November 25/ }).disabled).toBe(true);
});

it('opens a month by key, walks it by arrows and closes it by Escape', async () => {
  render(<One from="2026-11-30" />);
  field().focus();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  expect(document.activeElement?.getAttribute('data-day')).toBe('2026-12-01');
  await userEvent.keyboard('{PageUp}{Escape}');
  expect(screen.queryByRole('table')).toBeNull();
  expect(document.activeElement).toBe(field());
  await userEvent.keyboard('{ArrowDown}{ArrowUp}{Enter}');
  expect(heard).toEqual(['2026-11-23']);
});

it('tells a day once it is left, where each telling asks the server', async () => {
  render(<One from="2026-12-01" whenLeft />);
  await userEvent.clear(field());
  await userEvent.type(field(), '11-28');
  expect(heard).toEqual([]);
  await userEvent.click(screen.getByText('别处'));
  expect(heard).toEqual(['2026-11-28']);
  await userEvent.clear(field());
  await userEvent.keyboard('{Enter}');
  expect(heard).toEqual(['2026-11-28', '']);
});
