import { expect, test } from '@playwright/test';
import w from '../src/texts/zh-CN.ts';
import { cast, read, sees, story, write } from './cast';
import { demo, sound } from './checks';

// How a customer's people stand to each other is noted where they stand, and is the same as a picture: the head sees what
// his seller noted, and who of them can introduce whom.

test.skip(({ locale }) => locale !== 'zh-CN', 'the story is told in Chinese');

const at = demo();
test('two of a deal, as a line of the table and of the picture', async ({ browser }) => {
  const { rep, head } = await cast(browser, at);
  const { id, account, wang, zhao } = await story(rep);
  const shao = await write<{ id: string }>(rep, 'post', 'contacts', {
    accountId: account,
    name: '邵云峰',
    title: '生产总监',
  });
  const deal = await read<{ version: number }>(rep, `opportunities/${id}`);
  const people = [
    { contactId: wang, role: 'economic' },
    { contactId: shao.id, role: 'approver' },
  ];
  await write(rep, 'put', `opportunities/${id}/contacts`, { contacts: people }, deal.version);

  // On the phone: which two, how, and done; colleagues may see it.
  await sees(rep, id);
  const among = rep.getByRole('region', { name: w.tie.between });
  await among.getByRole('button', { name: w.tie.noteTwo }).click();
  const form = rep.getByRole('dialog');
  await sound(rep, 'two people');
  await form
    .getByRole('button', { name: '王建国是邵云峰的上级' })
    .or(form.getByRole('button', { name: '邵云峰是王建国的上级' }))
    .first()
    .click();
  await form.getByRole('button', { name: w.common.save }).click();
  await expect(form).toBeHidden();
  await expect(among).toContainText('的上级');

  // The head has it in words and in the picture.
  await sees(head, id);
  await expect(head.getByRole('region', { name: w.tie.between })).toContainText('的上级');
  await head.getByText(w.relation.map, { exact: true }).click();
  await expect(head.locator('.map .said.among')).toHaveText(/^上级 [↑↓←→]$/);
  await sound(head, 'the picture');

  // Who was moved inside the customer can introduce who follows; the line of who knows him is dashed.
  await write(head, 'put', 'me/background', {
    schools: [{ name: '东南大学', fromYear: 2006, toYear: 2010 }],
    employers: [],
  });
  await write(rep, 'put', `contacts/${zhao}/background`, {
    items: [{ kind: 'school', name: '东南大学', fromYear: 2006, toYear: 2010, source: 'public' }],
  });
  const moved = { contactId: wang, kind: 'moved', department: '供应链部', successorId: zhao, source: 'self' };
  await write(rep, 'post', 'contact-changes', moved);
  await sees(head, id);
  await expect(head.getByText(w.relation.canIntroduce)).toBeVisible();
  await head.getByText(w.relation.map, { exact: true }).click();
  await expect(head.locator('.map .tie.maybe')).toHaveCount(1);
  await expect(head.locator('.map')).toContainText(w.tie.fellow);
  await expect(head.locator('.map')).toContainText(w.relation.acquainted);
  await head.screenshot({ path: test.info().outputPath('map.png'), fullPage: true });
});
