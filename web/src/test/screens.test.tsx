import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { setLocale } from '../app/i18n';
import en from '../texts/en-US';
import zh from '../texts/zh-CN';
import { type Ask, away, broken, forbidden, open, screens } from './rig';
import { answerOf } from './sample';

screens();

/** parts are the pages and tabs that ask something, and what they cannot do without. */
const parts: Record<string, string> = {
  '/desk': '/api/desk',
  '/opportunities': '/api/opportunities',
  '/board': '/api/board',
  '/opportunities/x1': '/api/opportunities/{id}',
  '/funnel': '/api/reports/funnel',
  '/analysis': '/api/reports/funnel',
  '/accounts': '/api/accounts',
  '/accounts/x1': '/api/accounts/{id}',
  '/contacts': '/api/contacts',
  '/competitors': '/api/competitors/standing',
  '/competitors/x1': '/api/competitors/{id}',
  '/tasks': '/api/tasks',
  '/guidance': '/api/guidance',
  '/import': '/api/imports',
  '/settings/pipelines': '/api/pipelines/{id}',
  '/settings?tab=mine': '/api/sessions',
  '/settings?tab=people': '/api/org',
  '/settings?tab=teams': '/api/org/chart',
  '/settings?tab=seats': '/api/seats',
  '/settings?tab=roles': '/api/roles',
  '/settings?tab=products': '/api/product-lines',
  '/settings?tab=fields': '/api/fields',
  '/settings?tab=company': '/api/settings',
  '/settings?tab=files': '/api/attachments',
  '/settings?tab=audit': '/api/audit',
  '/settings?tab=calendar': '/api/settings',
  '/settings?tab=about': '/api/about',
};
const all = Object.entries(parts);
const alert = (text: string) =>
  screen.findByText((_, at) => at?.getAttribute('role') === 'alert' && !!at.textContent?.includes(text));

test.each(all)('%s says that %s failed, and asks again when it is told to', async (page, path) => {
  let up = false;
  const asked = await open(page, { answers: { [path]: () => (up ? undefined : broken) } });
  const said = await alert(en.problem.lost.internal);
  up = true;
  const before = asked.length;
  await userEvent.click(within(said).getByRole('button', { name: en.common.retry }));
  await waitFor(() => expect(screen.queryByText(en.problem.lost.internal)).toBeNull());
  expect(asked.slice(before).map((a) => a.method)).toContain('GET');
  expect(screen.queryByText(en.unreached.broken)).toBeNull();
});

test.each(all)('%s says in Chinese that no server answers where %s was asked', async (page, path) => {
  setLocale('zh-CN');
  await open(page, { answers: { [path]: away } });
  await alert(zh.problem.lost.away);
});

test.each(all)('%s says what %s was refused for', async (page, path) => {
  await open(page, { answers: { [path]: forbidden } });
  await alert(en.problem.org.permission_missing);
});

/** nothings are what a page says of nothing, by its text in both languages. */
const nothings: [page: string, (of: typeof zh | typeof en) => string][] = [
  ['/desk', (of) => of.begin.title],
  ['/opportunities', (of) => of.list.empty],
  ['/opportunities/x1', (of) => of.nextStep.none],
  ['/accounts', (of) => of.account.empty],
  ['/accounts/x1', (of) => of.account.noPeople],
  ['/contacts', (of) => of.contact.none],
  ['/competitors', (of) => of.competitor.empty],
  ['/competitors/x1', (of) => of.competitor.noPrices],
  ['/tasks', (of) => of.task.none],
  ['/guidance', (of) => of.guidance.empty.toAnswer],
  ['/import', (of) => of.import.drop],
  ['/settings/pipelines', (of) => of.pipeline.create],
  ['/settings?tab=seats', (of) => of.seat.none],
  ['/settings?tab=products', (of) => of.settings.noProducts],
  ['/settings?tab=fields', (of) => of.settings.noFields],
  ['/settings?tab=files', (of) => of.file.noneKept],
  ['/settings?tab=audit', (of) => of.audit.empty],
];
test.each(nothings)('%s says in both languages that there is nothing', async (page, said) => {
  await open(page, { fill: 'none' });
  await screen.findAllByText(said(en));
  setLocale('zh-CN');
  await screen.findAllByText(said(zh));
});

/** shown is what stands on a page of one record of everything: its role, and how it is called. */
const shown: [page: string, role: string, name: string | RegExp][] = [
  ['/desk', 'button', `${en.desk.settle} · name 1`],
  ['/opportunities', 'link', 'name 1'],
  ['/board', 'button', /Move to/],
  ['/opportunities/x1', 'heading', 'name 1'],
  ['/funnel', 'link', /1/],
  ['/analysis', 'heading', /Stage conversion/],
  ['/accounts', 'link', 'name 1'],
  ['/accounts/x1', 'heading', 'name 1'],
  ['/contacts', 'link', 'account 1'],
  ['/guidance', 'article', /asked/],
  ['/tasks', 'button', en.task.new],
  ['/import', 'button', en.common.cancel],
  ['/settings/pipelines', 'textbox', en.pipeline.stageName],
  ['/settings?tab=mine', 'button', en.settings.changePassword],
  ['/settings?tab=people', 'button', en.record.edit],
  ['/settings?tab=teams', 'button', en.settings.addTeam],
  ['/settings?tab=seats', 'cell', /name 1/],
  ['/settings?tab=roles', 'cell', 'name 1'],
  ['/settings?tab=products', 'cell', 'series 1'],
  ['/settings?tab=fields', 'cell', /label 1/],
  ['/settings?tab=company', 'textbox', en.setup.company],
  ['/settings?tab=files', 'link', 'name 1'],
  ['/settings?tab=audit', 'cell', en.audit.unknown],
  ['/settings?tab=calendar', 'columnheader', en.settings.workingDays],
  ['/settings?tab=about', 'link', en.settings.aboutNotices],
];
test.each(shown)('%s shows what there is', async (page, role, name) => {
  await open(page);
  await screen.findAllByRole(role, { name });
  expect(screen.queryByRole('alert')).toBeNull();
});

test('the desk takes what was handed over, and asks anew', async () => {
  const desk = answerOf('GET', '/api/desk', 'one')?.body as Schemas['DeskDeskBody'];
  for (const line of desk.lines.items) Object.assign(line, { kind: 'handover', deal: null });
  const asked = await open('/desk', { answers: { 'GET /api/desk': desk } });
  await userEvent.click(await screen.findByRole('button', { name: en.handover.confirm }));
  await waitFor(() => expect(asked.map((a) => `${a.method} ${a.path}`)).toContain('POST /api/handovers/x1/confirm'));
  await waitFor(() => expect(asked.filter((a) => a.path === '/api/desk').length).toBeGreaterThan(1));
});

test('a task is done, and what the server refuses stands at it', async () => {
  let refused = true;
  const asked = await open('/tasks', {
    answers: {
      'GET /api/tasks': (_: Ask, [task]: [object]) => [{ ...task, doneOn: '', long: false, offeredTo: '' }],
      'POST /api/tasks/{id}/finish': () => (refused ? forbidden : undefined),
    },
  });
  await userEvent.click(await screen.findByRole('button', { name: en.nextStep.done }));
  await alert(en.problem.org.permission_missing);
  refused = false;
  await userEvent.click(screen.getByRole('button', { name: en.nextStep.done }));
  await waitFor(() => expect(screen.queryByText(en.problem.org.permission_missing)).toBeNull());
  expect(asked.filter((a) => a.path === '/api/tasks/x1/finish')).toHaveLength(2);
});

test('a product line that got no answer is added once more under the same id', async () => {
  let lost = true;
  const asked = await open('/settings?tab=products', {
    answers: { 'POST /api/product-lines': () => (lost ? away : undefined) },
  });
  await userEvent.type(await screen.findByRole('textbox', { name: en.filter.product }), 'Valves');
  const add = screen.getByRole('button', { name: en.parts.add });
  await userEvent.click(add);
  await alert(en.problem.network);
  lost = false;
  await userEvent.click(add);
  const sent = () => asked.filter((a) => a.method === 'POST').map((a) => a.body as { id: string; name: string });
  await waitFor(() => expect(sent()).toHaveLength(2));
  expect(sent()[1]).toEqual(sent()[0]);
  expect(sent()[0]).toMatchObject({ id: expect.stringMatching(/.{20,}/), name: 'Valves' });
});
