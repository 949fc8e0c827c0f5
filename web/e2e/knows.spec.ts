import { expect, type Page, test } from '@playwright/test';
import w from '../src/texts/zh-CN.ts';
import { cast, read, story, type Who, write } from './cast';
import { demo, sound } from './checks';

// Who of us knows the one who follows: 赵兵, formerly of 三励公司, comes to 方舟电子 in the place of 王建国. 蒋跃 learnt with him.

test.skip(({ locale }) => locale !== 'zh-CN', 'the story is told in Chinese');

type Made = { id: string };

const school = { name: '东南大学', fromYear: 2006, toYear: 2010 };

/** learnt says where 赵兵 learnt. */
const learnt = (rep: Who, zhao: string) =>
  write(rep, 'put', `contacts/${zhao}/background`, { items: [{ kind: 'school', ...school, source: 'public' }] });

/** changes has 小李 say in the form that 王建国 was moved and who of that name follows. */
async function changes(
  rep: Who,
  id: string,
  which: RegExp,
  seen?: (form: ReturnType<Page['getByRole']>) => Promise<void>,
) {
  await rep.goto(`${rep.at.base}/opportunities/${id}`);
  await rep.getByRole('button', { name: '王建国换人了？', exact: true }).click();
  const form = rep.getByRole('dialog');
  await form.getByLabel(w.change.successor).first().pressSequentially('赵兵');
  await form.getByRole('button', { name: which }).click();
  await seen?.(form);
  await form.getByRole('button', { name: w.change.start }).click();
  await expect(form).toBeHidden();
}

/** alarmed is the line on the head's desk: red, with the deal, who sells it, and the task to meet who follows. */
async function alarmed(head: Who, rep: Who, id: string) {
  const line = head.locator('main .ex', { hasText: '方舟电子 · 生产线视觉检测' }).first();
  await expect(line).toContainText('换人：王建国');
  await expect(line.locator('b.bad')).toBeVisible();
  const open = await read<{ items: { deals: { taskId: string; lamp: string }[] }[] }>(
    head,
    `contact-changes?opportunity=${id}&open=true`,
  );
  expect(open.items[0]?.deals[0]?.lamp).toBe('red');
  const set = await read<{ task: { what: string } }>(rep, `tasks/${open.items[0]?.deals[0]?.taskId}`);
  expect(set.task.what).toContain('首次见赵兵');
  return line;
}

test.describe('a classmate', () => {
  const at = demo();
  test('the head reads that it is his, who sells asks him for an introduction by one tap, and he agrees on his phone', async ({
    browser,
  }) => {
    const { rep, head } = await cast(browser, at, true);
    const { id, zhao } = await story(rep);
    await learnt(rep, zhao);

    // The head said where he learnt. The seller is asked once, and says it.
    await write(head, 'put', 'me/background', { schools: [school], employers: [] });
    await head.goto(`${at.base}/desk`);
    await rep.goto(at.base);
    await rep.getByRole('button', { name: w.tie.mine.fill }).click();
    const mine = rep.getByRole('dialog');
    await mine.getByRole('textbox', { name: w.tie.mine.schools }).fill('扬州职业大学');
    await mine.getByRole('spinbutton', { name: w.tie.fromYear }).first().fill('2012');
    await mine.getByRole('spinbutton', { name: w.tie.toYear }).first().fill('2015');
    await sound(rep, 'where one learnt');
    await mine.getByRole('button', { name: /确\s*定/ }).click();
    await expect(rep.getByRole('button', { name: w.tie.mine.fill })).toHaveCount(0);

    // Who tells of the change reads below the name that a colleague knows him.
    await changes(rep, id, /赵兵.*三励公司/, (form) => expect(form.locator('.known')).toContainText('一位同事认识他'));
    const line = await alarmed(head, rep, id);
    await expect(line).toContainText('赵兵是你的大学同学（东南大学 2006 级）');
    await sound(head, 'a classmate on the desk');

    // At the deal, one tap opens who knows him and one asks: the form sends one sentence and nothing of the deal.
    const card = rep.getByRole('region', { name: '王建国换了' });
    await expect(card).toContainText('一位同事认识他');
    await card.locator('.known').getByRole('button').click();
    const sheet = rep.getByRole('dialog', { name: '谁认识赵兵' });
    await sound(rep, 'who knows him');
    await sheet.getByRole('button', { name: w.tie.ask, exact: true }).click();
    await expect(sheet.getByText('已请一位同事，等回音')).toBeVisible();

    // The notice opens what is to be answered, and one tap answers.
    await head.locator('.bell').first().click();
    await head.getByRole('link', { name: /请你引荐一个人/ }).click();
    const asked = head.getByRole('dialog', { name: '有人问你 1 件事' });
    await expect(asked).toContainText('赵兵');
    await expect(asked).not.toContainText('视觉检测');
    await expect(asked).not.toContainText('186');
    await asked.getByRole('button', { name: w.tie.yes, exact: true }).click();
    await expect(asked).toBeHidden();

    // Who asked learns the name, at the open page.
    await expect(sheet.getByText('蒋跃答应为你引荐')).toBeVisible();
  });
});

test.describe('one who wants no name told', () => {
  const at = demo();
  test('a refusal looks like no answer, and a tie of his own is nobody else’s', async ({ browser }) => {
    const { rep, head } = await cast(browser, at);
    const { id, zhao } = await story(rep);
    await changes(rep, id, /赵兵.*三励公司/);
    const one = await write<Made & { version: number }>(head, 'post', 'ties', {
      contactId: zhao,
      kind: 'classmate',
      visibility: 'private',
    });
    await head.goto(`${at.base}/desk`);
    const line = head.locator('main .ex', { hasText: '方舟电子 · 生产线视觉检测' }).first();
    await expect(line).toContainText('赵兵是你的同学');
    const ways = () =>
      read<{ ways: { way: string; memberId: string }[]; more: number }>(rep, `contacts/${zhao}/knowers`);
    expect((await ways()).ways.filter((x) => x.way !== 'predecessor')).toEqual([]);

    // Askable it is a colleague, and his refusal says as much as his silence.
    const seen = (more: object, version: number) =>
      write<{ version: number }>(head, 'put', `ties/${one.id}`, { kind: 'classmate', ...more }, version);
    const { version } = await seen({ visibility: 'askable' }, one.version);
    const someone = (await ways()).ways.find((x) => x.way === 'someone') as unknown as { token: string };
    const asking = { contactId: zhao, token: someone.token, sentence: '想拜访他' };
    const i = await write<Made>(rep, 'post', 'introductions', asking);
    await head.goto(`${at.base}/desk?answer=${i.id}`);
    const silent = await read(rep, 'introductions');
    await head.getByRole('dialog').getByRole('button', { name: w.tie.no }).click();
    await expect(head.getByRole('dialog')).toBeHidden();
    expect(await read(rep, 'introductions')).toEqual(silent);

    // To be avoided he is offered to nobody.
    await seen({ visibility: 'shown', avoid: true }, version);
    expect((await ways()).ways.filter((x) => x.way !== 'predecessor')).toEqual([]);
  });
});

test.describe('a tie with somebody the head may not see', () => {
  const at = demo();
  test('nothing of it is told him, and alarm and task are there', async ({ browser }) => {
    const { admin, rep, head } = await cast(browser, at);
    const { id } = await story(rep);
    // Another 赵兵, a customer of another team, whom somebody there knows.
    const far = await write<Made>(admin, 'post', 'accounts', { name: '禾川电气' });
    const twin = await write<Made>(admin, 'post', 'contacts', { accountId: far.id, name: '赵兵', title: '品质主管' });
    await write(admin, 'post', 'ties', { contactId: twin.id, kind: 'classmate' });
    expect((await head.request.get(`${at.base}/api/contacts/${twin.id}/knowers`)).status()).toBe(404);
    const known = await read<{
      contacts: Made[];
      ways: { way: string; memberId: string; contactId: string }[];
      more: number;
    }>(head, `knowers?name=${encodeURIComponent('赵兵')}`);
    expect(known.contacts.map((c) => c.id)).not.toContain(twin.id);
    expect(known.ways).toEqual([expect.objectContaining({ way: 'someone', memberId: '', contactId: '' })]);
    expect(known.more).toBe(0);
    await head.goto(`${at.base}/desk`);
    await changes(rep, id, /赵兵.*三励公司/);
    const line = await alarmed(head, rep, id);
    await expect(line).not.toContainText('认识');
  });
});

test.describe('two of one name', () => {
  const at = demo();
  test('are told apart before it is said who knows him', async ({ browser }) => {
    const { rep, head } = await cast(browser, at);
    const { id, zhao } = await story(rep);
    await learnt(rep, zhao);
    await write(head, 'put', 'me/background', { schools: [school], visibility: 'shown' });
    const far = await write<Made>(rep, 'post', 'accounts', { name: '禾川电气' });
    const twin = await write<Made>(rep, 'post', 'contacts', { accountId: far.id, name: '赵兵', title: '品质主管' });
    await head.goto(`${at.base}/desk`);
    await rep.goto(`${at.base}/opportunities/${id}`);
    await rep.getByRole('button', { name: '王建国换人了？', exact: true }).click();
    const form = rep.getByRole('dialog');
    await form.getByLabel(w.change.successor).first().pressSequentially('赵兵');
    await expect(form.getByRole('button', { name: /赵兵.*禾川电气/ })).toBeVisible();
    await expect(form.locator('.known')).toHaveCount(0);
    await form.getByRole('button', { name: /赵兵.*三励公司/ }).click();
    await expect(form.locator('.known')).toContainText('蒋跃认识他：大学同学（东南大学 2006 级）');
    await form.getByRole('button', { name: /赵兵.*禾川电气/ }).click();
    await expect(form.locator('.known')).toContainText(w.tie.nobody);
    await form.getByRole('button', { name: w.change.start }).click();
    await expect(form).toBeHidden();
    const line = await alarmed(head, rep, id);
    await expect(line).not.toContainText('同学');
    const open = await read<{ items: { successorId: string }[] }>(rep, `contact-changes?opportunity=${id}&open=true`);
    expect(open.items[0]?.successorId).toBe(twin.id);
  });
});

test.describe('nobody knows him', () => {
  const at = demo();
  test('one tap asks around in the words that stand there, and an answer is one tap', async ({ browser }) => {
    const { rep, head } = await cast(browser, at);
    const { id, account } = await story(rep);
    const he = await write<Made>(rep, 'post', 'contacts', { accountId: account, name: '贺文涛', title: '副总经理' });
    await rep.goto(`${at.base}/opportunities/${id}`);
    await write(rep, 'post', 'contact-changes', {
      contactId: (await read<{ contacts: { contactId: string }[] }>(rep, `opportunities/${id}`)).contacts[0]?.contactId,
      kind: 'left',
      successorId: he.id,
      source: 'public',
    });
    await rep.reload();
    const card = rep.getByRole('region', { name: '王建国换了' });
    await expect(card).toContainText('“小李想问：有人认识贺文涛吗？”');
    await sound(rep, 'asking around');
    let taps = 0;
    await card.getByRole('button', { name: /^问一圈/ }).click();
    taps++;
    await expect(card).toContainText('正在问一圈');
    expect(taps).toBe(1);

    await head.goto(`${at.base}/desk`);
    const asked = head.getByRole('region', { name: '有人问你 1 件事' });
    await expect(asked).toContainText('贺文涛');
    await expect(asked).not.toContainText('视觉检测');
    await asked.getByRole('button', { name: w.tie.around.answer.know, exact: true }).click();
    await expect(asked).toBeHidden();
    await expect(card).toContainText('蒋跃说认识他');
  });
});
