import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { loadGuidanceTexts, setLocale } from '../../app/i18n';
import { away, open, Refused, screens } from '../../test/rig';
import en from '../../texts/en-US';
import zh from '../../texts/zh-CN';
import { eventsOf } from './events';
import type { Note, Turn } from './queries';

screens();

const no = {
  ...{ receive: false, answer: false, askCustomerTo: '', rejectTo: '', recall: false },
  ...{ settle: false, use: false, result: false, check: false },
};
const turn = (more: Partial<Turn> = {}): Turn => ({
  ...{ memberId: 'me', why: 'asked', from: '2026-03-09T01:00:00Z', limitMinutes: 480, due: '2026-03-09T10:00:00Z' },
  ...{ receivedAt: null, customerOn: null, endedAt: null, end: '', usedMinutes: 0, ...more },
});
const note = (more: Partial<Omit<Note, 'may'>> = {}, may: Partial<Note['may']> = {}): Note => ({
  ...{ id: 'n1', kind: 'question', on: { kind: 'opportunity', id: 'd1', name: 'Line two' }, text: '12 or 15?' },
  ...{ askerId: 'x1', toId: 'me', askedAt: '2026-03-09T01:00:00Z', contactAt: null, state: 'open', holderId: 'me' },
  ...{ lamp: 'running', leftMinutes: 60, turns: [turn()], answer: null, outcome: null, check: null, settledAt: null },
  ...{ messages: 1, unread: 0, version: 1, ...more },
  may: { ...no, ...may },
});
const pieces = [{ id: 'p1', text: 'Have them time it', madeBy: 'me', teamId: 't1', times: 6, used: 5 }];
const helpers = [
  { memberId: 'x1', answererId: 'x1', why: 'superior', products: [], won: 0 },
  { memberId: 'w1', answererId: 'w1', why: 'won', products: ['Cloud planning'], won: 3 },
];
const answers = (...notes: Note[]) => ({
  'GET /api/guidance': { items: notes },
  'GET /api/guidance-pieces': pieces,
  'GET /api/guidance-helpers': helpers,
  'GET /api/guidance-whom': { toId: 'x1', answererId: 'x1', due: '2026-03-09T10:00:00Z', contactAt: null },
});
const sent = (asked: Awaited<ReturnType<typeof open>>) =>
  asked.filter((a) => a.method === 'POST' && a.path.includes('guidance')).map((a) => [a.path, a.body] as const);
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

test('how much waits stands at its place, in the navigation and on the page', async () => {
  const waiting = { toAnswer: 4, late: 1, oldestMinutes: 390, returned: 2, outcomes: 0, checks: 0 };
  await open('/guidance', { answers: { ...answers(), 'GET /api/guidance-waiting': waiting } });
  const text = en.nav.waiting.replace('{{name}}', en.nav.guidance).replace('{{n}}', '4');
  expect((await screen.findAllByRole('link', { name: text })).length).toBeGreaterThan(0);
  await screen.findByText(/4 wait for your answer, the oldest for 6.5 h of work/);
  await screen.findByText('1 overdue');
  expect(screen.getByRole('link', { name: en.nav.tasks }).textContent).toBe(en.nav.tasks);
});

test.each([
  ['running', 90, 'open', '1.5 h of work left'],
  ['soon', 60, 'open', '1.0 h of work left'],
  ['late', -30, 'open', '0.5 h of work over'],
  ['stopped', 276, 'answered', 'Answered in time, after 3.4 h of work'],
  ['unkept', -30, 'answered', 'Answered late, after 3.4 h of work'],
  ['unkept', 0, 'returned', 'Nobody answered, for 3.4 h of work'],
] as const)('a clock that is %s with %i minutes left says so in words', async (lamp, leftMinutes, state, said) => {
  await open('/guidance', {
    answers: answers(note({ lamp, leftMinutes, state, turns: [turn({ usedMinutes: 204 })] })),
  });
  expect((await screen.findByText(said)).className).toBe(`clock ${lamp}`);
});

test('what was said before is sent in two taps, in Chinese too', async () => {
  setLocale('zh-CN');
  await loadGuidanceTexts();
  const asked = await open('/guidance', { answers: answers(note({}, { answer: true })) });
  await press(zh.guidance.act.answer);
  await press(zh.guidance.sendPiece.replace('{{text}}', 'Have them time it'));
  await waitFor(() => expect(sent(asked)).toHaveLength(1));
  const [path, body] = sent(asked)[0] ?? [];
  expect(path).toBe('/api/guidance/n1/answer');
  expect(body).toMatchObject({ text: 'Have them time it', pieceId: 'p1', wantsOutcome: false });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('an answer that got lost is sent again as the same message', async () => {
  let lost = true;
  const plan = {
    ...answers(note({}, { answer: true })),
    'POST /api/guidance/{id}/answer': () => (lost ? away : undefined),
  };
  const asked = await open('/guidance', { answers: plan });
  await press(en.guidance.act.answer);
  await userEvent.type(await screen.findByRole('textbox', { name: en.guidance.ownWords }), 'Twelve');
  await press(en.guidance.send);
  await screen.findByText(en.problem.network);
  lost = false;
  await press(en.guidance.send);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const ids = sent(asked).map(([, body]) => (body as { id: string }).id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test.each([
  ['receive', { receive: true }, /Received/, '/receive', undefined],
  ['use', { use: true }, 'Used', '/use', { used: 'used' }],
  ['settle', { settle: true }, en.guidance.act.settle, '/settle', undefined],
  ['check', { check: true }, 'It worked', '/check', { worked: true }],
] as const)('%s is one tap', async (_, may, button, path, body) => {
  const asked = await open('/guidance', { answers: answers(note({}, may)) });
  await press(button);
  await waitFor(() => expect(sent(asked)).toEqual([[`/api/guidance/n1${path}`, body]]));
});

test.each([
  ['a reason why not', { use: true }, 'Not used', 'use', { used: 'not_used', text: 'no time' }],
  ['a result', { result: true }, 'Say the result', 'result', { text: 'no time' }],
  ['what is missing', { rejectTo: '2026-03-12' }, 'Not an answer', 'reject', { text: 'no time' }],
  ['how it stands', { check: true }, 'It did not work', 'check', { worked: false, text: 'no time' }],
] as const)('%s is asked for and sent', async (_, may, button, path, body) => {
  const asked = await open('/guidance', { answers: answers(note({ state: 'answered', lamp: 'stopped' }, may)) });
  await press(button);
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByRole('textbox'), 'no time');
  await userEvent.click(within(dialog).getByRole('button', { name: button }));
  await waitFor(() => expect(sent(asked)).toHaveLength(1));
  expect(sent(asked)[0]?.[0]).toBe(`/api/guidance/n1/${path}`);
  expect(sent(asked)[0]?.[1]).toMatchObject(body);
});

test('the customer is asked first until a day, which the server may refuse', async () => {
  const late = new Refused(422, 'guidance.customer_once');
  const plan = { ...answers(note({}, { askCustomerTo: '2026-03-12' })), 'POST /api/guidance/{id}/ask-customer': late };
  const asked = await open('/guidance', { answers: plan });
  await press(en.guidance.act.customer);
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: en.guidance.act.customer }));
  await screen.findByText(en.problem['guidance.customer_once']);
  expect(sent(asked)).toEqual([['/api/guidance/n1/ask-customer', { on: '2026-03-12' }]]);
});

test('nothing may be done that is not allowed', async () => {
  await open('/guidance', { answers: answers(note()) });
  const one = await screen.findByRole('article');
  expect(within(one).queryAllByRole('button')).toEqual([]);
});

test('who has been asked and did not answer stands in the line of events', () => {
  const climbed = note({
    toId: 'm1',
    turns: [
      turn({ memberId: 'm1', receivedAt: '2026-03-06T02:00:00Z', end: 'climbed', usedMinutes: 480 }),
      turn({ why: 'climbed', customerOn: '2026-03-11' }),
    ],
  });
  expect(eventsOf(climbed).map((e) => [e.what, e.who, e.whom])).toEqual([
    ['question', 'x1', 'm1'],
    ['received', 'm1', undefined],
    ['climbed', 'm1', 'me'],
    ['customer', 'me', undefined],
  ]);
  const rejected = note({
    state: 'returned',
    turns: [turn({ end: 'answered', usedMinutes: 30 }), turn({ why: 'unsaid', end: 'returned', usedMinutes: 450 })],
  });
  expect(eventsOf(rejected).map((e) => [e.what, e.who])).toEqual([
    ['question', 'x1'],
    ['answered', 'me'],
    ['unsaid', 'x1'],
    ['returned', 'me'],
  ]);
});

test('a question on a record goes to its owner, who stands there with the time', async () => {
  const whom = { toId: 'x1', answererId: 'x2', due: '2026-03-09T10:00:00Z', contactAt: null };
  const asked = await open('/opportunities/x1', { answers: { ...answers(), 'GET /api/guidance-whom': whom } });
  await press(en.guidance.ask);
  await screen.findByText(/is on leave/);
  await userEvent.type(await screen.findByLabelText(en.guidance.write.question), '12 or 15?');
  await press(en.guidance.send);
  await waitFor(() => expect(sent(asked)).toHaveLength(1));
  expect(sent(asked)[0]?.[1]).toMatchObject({
    ...{ kind: 'question', on: { kind: 'opportunity', id: 'x1' }, toId: 'x1', text: '12 or 15?', mentionIds: [] },
  });
});

test('a correction wants the fact that shows it worked, and its day', async () => {
  const asked = await open('/opportunities/x1', { answers: answers() }, { leads: ['t1'] });
  await press(en.guidance.ask);
  await press(en.talk.kind.correction);
  await userEvent.type(await screen.findByLabelText(en.guidance.write.correction), 'Compare three first');
  const send = screen.getByRole('button', { name: en.guidance.send }) as HTMLButtonElement;
  expect(send.disabled).toBe(true);
  await userEvent.type(screen.getByLabelText(en.guidance.fact, { exact: false }), 'three quotes');
  await userEvent.type(screen.getByPlaceholderText(en.date.form), '2026-03-12');
  await userEvent.click(send);
  await waitFor(() => expect(sent(asked)).toHaveLength(1));
  expect(sent(asked)[0]?.[1]).toMatchObject({ kind: 'correction', check: { fact: 'three quotes', on: '2026-03-12' } });
});

test('help is two taps: the superior is chosen, and the facts go along', async () => {
  const asked = await open('/opportunities/x1', { answers: answers() });
  await press(en.guidance.askHelp);
  await screen.findByText(en.guidance.factsAlong);
  await press(en.guidance.send);
  await waitFor(() => expect(sent(asked)).toHaveLength(1));
  const body = sent(asked)[0]?.[1] as { kind: string; toId: string; text: string };
  expect([body.kind, body.toId]).toEqual(['help', 'x1']);
  expect(body.text.startsWith(en.guidance.helpText)).toBe(true);
  expect(body.text).toContain('name 1 · account 1');
});

test('help goes to who won such deals with one tap more', async () => {
  const asked = await open('/opportunities/x1', { answers: answers() });
  await press(en.guidance.askHelp);
  await press(/won 3 like it/);
  await press(en.guidance.send);
  await waitFor(() => expect(sent(asked)[0]?.[1]).toMatchObject({ kind: 'help', toId: 'w1' }));
});

test('words are kept to be said again, and removed', async () => {
  const answer = { messageId: 'm', text: 'Spare parts within', by: 'me', at: '2026-03-09T02:00:00Z' };
  const asked = await open('/guidance', { answers: answers(note({ state: 'answered', lamp: 'stopped', answer })) });
  await press(en.guidance.act.keep);
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: en.guidance.act.keep }));
  await waitFor(() => expect(sent(asked)[0]?.[1]).toMatchObject({ text: 'Spare parts within' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await press(en.guidance.pieces);
  await press(en.guidance.deletePiece.replace('{{text}}', 'Have them time it'));
  await waitFor(() => expect(asked.some((a) => a.method === 'DELETE' && a.path.endsWith('/p1'))).toBe(true));
});
