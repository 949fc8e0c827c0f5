import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { everything, open, screens } from '../test/rig';
import en from '../texts/en-US';

screens();

// What the roles of internal/org may do, as far as pages go, and the pages they may not use.
const selling = ['account.read', 'account.write', 'opportunity.read', 'opportunity.write', 'report.read'];
const managing = [...selling, 'opportunity.handover', 'evidence.decide'];
const administration = ['/import', '/settings/pipelines'];
const roles: Record<string, { may: string[]; not: string[] }> = {
  'rep or assistant': { may: selling, not: administration },
  'manager or director': { may: [...managing, 'audit.read'], not: administration },
  'product manager': { may: ['account.read', 'opportunity.read', 'report.read'], not: administration },
  partner: {
    may: ['opportunity.read'],
    not: [...administration, '/funnel', '/analysis', '/accounts', '/accounts/x1', '/contacts'],
  },
  'administrator or operations': { may: everything, not: [] },
  'who may only sign in': {
    may: [],
    not: [
      ...['/board', '/opportunities', '/opportunities/x1', '/funnel', '/analysis'],
      ...['/accounts', '/accounts/x1', '/contacts', ...administration],
    ],
  },
};
const pages = [
  ...['/desk', '/board', '/opportunities', '/opportunities/x1', '/funnel', '/analysis', '/accounts', '/accounts/x1'],
  ...['/contacts', '/tasks', '/guidance', '/import', '/more', '/settings', '/settings/pipelines'],
];
// The frame around each page asks who everybody is, and what waits for the reader.
const frame = ['/api/org', '/api/guidance-waiting'];
const lacking = () => screen.queryByRole('heading', { name: en.forbidden.title });

for (const [role, { may, not }] of Object.entries(roles)) {
  test.each(not)(`${role} is told what %s needs, and nothing is asked for it`, async (page) => {
    const asked = await open(page, {}, { permissions: ['signed-in', ...may] });
    await waitFor(() => expect(lacking()).toBeTruthy());
    const name = screen.queryByRole('link', { name: en.forbidden.back });
    expect(name?.getAttribute('href')).toBe('/desk');
    expect(asked.map((a) => a.path).filter((path) => !frame.includes(path))).toEqual([]);
    const ways = within(screen.getByRole('navigation', { name: en.nav.main })).getAllByRole('link');
    expect(ways.map((a) => a.getAttribute('href')?.split('?')[0])).not.toContain(page);
  });

  test.each(pages.filter((page) => !not.includes(page)))(`${role} is let in to %s`, async (page) => {
    await open(page, { fill: 'none' }, { permissions: ['signed-in', ...may] });
    expect(lacking()).toBeNull();
    expect(screen.queryByText(en.unreached.broken)).toBeNull();
  });
}
