import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { type Ask, broken, forbidden, open, screens } from '../../test/rig';
import en from '../../texts/en-US';

screens();

const path = '/api/accounts/{id}/timeline';
const item = (id: string, more: object) => ({
  ...{ id, on: '2026-03-02', at: '2026-03-02T02:30:00.000Z', written: '2026-03-02T02:30:00.000Z', actorId: 'me' },
  ...{ onBehalfOf: '', kind: 'account.created', subjectId: 'x1', whoseKind: '', whoseId: '', whose: '', name: '' },
  ...{
    text: '',
    reason: '',
    stage: '',
    fileId: '',
    file: '',
    gone: false,
    talked: 0,
    names: {},
    move: null,
    payload: {},
    ...more,
  },
});
const shown = async () => {
  const card = await screen.findByRole('region', { name: en.record.timeline });
  await within(card).findAllByText(/./);
  return within(card);
};
const page = (items: object[], next?: string) => ({ items, ...(next ? { next } : {}) });

test('tells what happened page by page, whose it was, with the words as they were written', async () => {
  const first = page(
    [
      item('3.0', {
        ...{
          kind: 'follow_up.logged',
          text: 'first line\nsecond line',
          reason: 'found the notebook',
          whose: 'Line two',
        },
        ...{ whoseKind: 'opportunity', whoseId: 'd1', names: { c1: 'Wang' }, written: '2026-03-08T02:30:00.000Z' },
        payload: { channel: 'phone', twoWay: true, memberId: 'me', members: [], contacts: ['c1', 'hidden'] },
      }),
      item('2.0', { kind: 'file.attached', fileId: 'f1', file: 'offer.pdf' }),
      item('2.1', { kind: 'file.removed', gone: true }),
    ],
    'more',
  );
  const answers = { [path]: (a: Ask) => (a.query.get('cursor') === 'more' ? page([item('1.0', {})]) : first) };
  await open('/accounts/x1', { answers });
  const card = await shown();
  const said = await card.findByText(/first line/);
  expect(said.textContent).toBe('first line\nsecond line');
  expect(said.className).toBe('written');
  expect(card.getByText(/with Wang/)).toBeTruthy();
  expect(card.getByText(/found the notebook/)).toBeTruthy();
  expect(card.getByRole('link', { name: 'Line two' }).getAttribute('href')).toContain('/opportunities/d1');
  expect(card.getByRole('link', { name: 'offer.pdf' }).getAttribute('href')).toContain('/api/files/f1');
  expect(card.getByText(en.timeline.fileGone)).toBeTruthy();
  expect(card.queryByText(en.timeline.account.created)).toBeNull();
  await userEvent.click(card.getByRole('button', { name: en.record.earlier }));
  expect(await card.findByText(en.timeline.account.created)).toBeTruthy();
  expect(card.queryByRole('button', { name: en.record.earlier })).toBeNull();
});

test('asks the server for one sort of what happened', async () => {
  const asked = await open('/accounts/x1', { answers: { [path]: page([]) } });
  const card = await shown();
  expect(await card.findByText(en.record.noEvents)).toBeTruthy();
  await userEvent.click(card.getByText(en.record.show.step));
  await card.findByText(en.record.noEvents);
  expect(
    asked
      .filter((a) => a.path.endsWith('/timeline'))
      .at(-1)
      ?.query.get('only'),
  ).toBe('step');
});

test.each([broken, forbidden])('says what it was refused for', async (refused) => {
  await open('/accounts/x1', { answers: { [path]: refused } });
  const card = await shown();
  expect(await card.findByRole('alert')).toBeTruthy();
  expect(card.queryByText(en.record.noEvents)).toBeNull();
});
