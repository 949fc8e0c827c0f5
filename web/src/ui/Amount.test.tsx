import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { ready } from '../app/i18n';
import { Amount, AmountField } from './Amount';

beforeAll(() => ready);
afterEach(cleanup);

function Field({
  minor,
  currency,
  said,
}: {
  minor: number | null;
  currency: string;
  said: (m: number | null) => void;
}) {
  const [at, set] = useState(minor);
  const change = (m: number | null) => {
    set(m);
    said(m);
  };
  return <AmountField label="amount" minor={at} currency={currency} onChange={change} />;
}

test.each([
  ['KRW', 5_000_000, '5000000', '70', 70],
  ['CNY', 5_000_000, '50000', '70.5', 7_050],
  ['KWD', 5_000_000, '5000', '0.125', 125],
])('%s is opened and taken in its own minor units', async (currency, minor, opens, typed, given) => {
  let got: number | null = null;
  render(<Field minor={minor} currency={currency} said={(m) => (got = m)} />);
  const field = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'amount' });
  expect(field.value).toBe(opens);
  await userEvent.clear(field);
  expect(got).toBeNull();
  await userEvent.type(field, typed);
  expect(got).toBe(given);
});

test('an amount that is unknown, or a sum too large to state, is a dash', () => {
  render(
    <>
      <Amount minor={null} currency="CNY" />
      <Amount minor={5} currency="CNY" tooLarge />
    </>,
  );
  expect(screen.getAllByText('—')).toHaveLength(2);
});
