import { expect, test } from '@playwright/test';
import w from '../src/texts/zh-CN.ts';
import { alarmed, cast, read, story, type Who, write } from './cast';
import { demo, sound } from './checks';

// The story once more, silently: nobody tells anything. The owner is asked on his phone after who has been silent, answers
// with one tap, and his head has it before he asks.

test.skip(({ locale }) => locale !== 'zh-CN', 'the story is told in Chinese');

const name = '方舟电子 · 生产线视觉检测';
const huge = 98_600_000_000; // in front of all others that are asked after

/** silent has somebody be key by his influence, judged long ago: nobody has spoken with him since. */
async function silent(rep: Who, deal: string, contact: string) {
  const { version } = await read<{ version: number }>(rep, `opportunities/${deal}`);
  const key = { role: 'unknown', influence: 5, asOf: '2025-01-06' };
  await write(rep, 'put', `opportunities/${deal}/contacts/${contact}`, key, version);
}

/** asked is the card of who is asked after in the story. */
async function asked(rep: Who) {
  await rep.goto(`${rep.at.base}/desk`);
  const card = rep.locator('.asks', { hasText: name });
  await expect(card).toContainText('王建国');
  return card;
}

test.describe('he was replaced', () => {
  const at = demo();
  test('the head has it at once, and a visit ends it', async ({ browser }) => {
    const { rep, head } = await cast(browser, at);
    const { id, wang } = await story(rep, false, huge);
    await silent(rep, id, wang);
    await head.goto(`${at.base}/desk`);
    await expect(head.locator('.shell h1')).toBeVisible();

    const card = await asked(rep);
    await expect(card).toContainText(w.confirm.ask);
    for (const answer of await card.locator('.taps .ant-btn').all()) {
      expect((await answer.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    await sound(rep, 'who is asked after');
    await card.getByRole('button', { name: `王建国：${w.confirm.changed}` }).tap();

    // Three of the four fields are filled in.
    const form = rep.getByRole('dialog');
    const filled = [w.change.kind.moved, w.change.today, w.change.source.colleague];
    await expect(form.locator('[aria-pressed="true"]')).toHaveText(filled);
    await form.getByLabel(w.change.successor).first().fill('赵兵');
    await form.getByRole('button', { name: /赵兵.*三励公司/ }).click();
    await form.getByRole('button', { name: w.change.start }).click();
    await expect(form).toBeHidden();
    await expect(card).toBeHidden();

    const line = await alarmed(head, rep, id, '首次见赵兵');
    await expect(line).toContainText('赵兵');
    const { zhao } = await met(rep, id);
    await expect
      .poll(async () => (await read<Changes>(head, `contact-changes?opportunity=${id}`)).items.map((c) => c.state))
      .toEqual(['met']);
    await expect(line.getByText('王建国')).toHaveCount(0);

    // A contact confirms by itself: who follows is asked after no more, and says by what.
    const { items } = await read<{ items: { contactId: string; how: string }[] }>(
      rep,
      `opportunities/${id}/confirmations`,
    );
    expect(items.map((k) => [k.contactId, k.how])).toEqual([[zhao, 'visit']]);
  });
});

type Changes = { items: { state: string; successorId: string }[] };

/** met has who follows be visited. */
async function met(rep: Who, deal: string) {
  const zhao = (await read<Changes>(rep, `contact-changes?opportunity=${deal}`)).items[0]?.successorId ?? '';
  const visit = { channel: 'visit', twoWay: true, words: '赵兵：方案他看过，价格要再谈', contactIds: [zhao] };
  await write(rep, 'post', `opportunities/${deal}/follow-ups`, visit);
  return { zhao };
}

test.describe('he still is', () => {
  const at = demo();
  test('one tap confirms, is only a tap, and is taken back with one', async ({ browser }) => {
    const { rep } = await cast(browser, at);
    const { id, wang } = await story(rep, false, huge);
    await silent(rep, id, wang);
    const card = await asked(rep);
    const still = card.getByRole('button', { name: `王建国：${w.confirm.still}` });
    await still.tap();
    await expect(card).toBeHidden();
    await expect(rep.getByText('记下了：还是王建国')).toBeVisible();
    await rep.getByRole('button', { name: w.common.undo }).tap();
    await expect(card).toBeVisible();
    await still.tap();
    await expect(card).toBeHidden();

    await rep.goto(`${at.base}/opportunities/${id}`);
    await expect(rep.getByText(/仅点选 ×1/).first()).toBeVisible();
    await sound(rep, 'a deal whose key person was only tapped');
  });
});

test.describe('he is not to be reached, once', () => {
  const at = demo();
  test('the first time nothing follows', async ({ browser }) => {
    const { rep } = await cast(browser, at);
    const { id, wang } = await story(rep, false, huge);
    await silent(rep, id, wang);
    const card = await asked(rep);
    await card.getByRole('button', { name: `王建国：${w.confirm.unreachable}` }).tap();
    await expect(rep.getByText('记下了：联系不上王建国')).toBeVisible();
    await expect(card).toBeHidden();
    const { items } = await read<{ items: unknown[] }>(rep, 'confirmations');
    expect(items.length).toBeLessThanOrEqual(2);
    const none = await read<Changes>(rep, `contact-changes?opportunity=${id}`);
    expect(none.items).toEqual([]);
  });
});
