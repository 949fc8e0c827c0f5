import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { Scroll } from '../../ui/bits';
import type { Of } from '../guidance/Behind';
import { Behind } from '../guidance/later';
import { measuresOf } from '../guidance/queries';

/** FEW are the notes of which nobody says yet that somebody does not answer. */
const FEW = 3;
/** A minute, in milliseconds: time runs out on notes without anybody doing anything. */
const MINUTE = 60_000;
/** SHOWN are the rows the first screen has room for; the whole table stands with guidance. */
const SHOWN = 8;

/** columns are what was asked, and what it is made of: the first is the sum of the others. */
const columns = {
  asked: 'desk.answers.asked',
  answered: 'desk.answers.answered',
  unanswered: 'desk.answers.unanswered',
  inTime: 'desk.answers.inTime',
} as const;

/**
 * Answers is how those who lead answered what they were asked in the last four weeks: whoever left most unanswered in
 * front, and by how long they took in no order at all.
 */
export function Answers() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [opened, setOpened] = useState<Of>();
  const asked = useQuery({ ...measuresOf, refetchInterval: MINUTE });
  const rows = (asked.data?.items ?? [])
    .filter((m) => m.leads && m.asked > 0)
    .map((m) => ({ ...m, open: m.unanswered + m.late, inTime: m.running - m.late }))
    .sort((a, b) => b.open - a.open);
  if (rows.length === 0) return null;
  const opens = (memberId: string, figure: keyof typeof columns, n: number) => (
    <Button
      type="link"
      className="open"
      aria-label={t('desk.answers.show', { who: names.member(memberId), what: t(columns[figure]), n })}
      onClick={() => setOpened({ memberId, figure })}
    >
      {n}
    </Button>
  );
  return (
    <section className="card" aria-label={t('desk.answers.title')}>
      <h2>
        {t('desk.answers.title')} <span>{t('desk.answers.span')}</span>
      </h2>
      <Scroll label={t('desk.answers.title')}>
        <table className="t answers">
          <thead>
            <tr>
              <th>{t('desk.answers.who')}</th>
              {Object.values(columns).map((name) => (
                <th key={name}>{t(name)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((m) => (
              <tr key={m.memberId}>
                <td>
                  {m.memberId === me.memberId ? t('desk.answers.me') : names.member(m.memberId)}{' '}
                  <small>{names.team(m.teamId)}</small>
                </td>
                <td>{opens(m.memberId, 'asked', m.asked)}</td>
                <td>{opens(m.memberId, 'answered', m.answered)}</td>
                <td className={m.open >= Math.max(FEW, m.asked / 2) ? 'bad' : m.open ? 'warn' : ''}>
                  {opens(m.memberId, 'unanswered', m.open)}
                </td>
                <td>{opens(m.memberId, 'inTime', m.inTime)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <div className="pad ink3">{t('desk.answers.hint')}</div>
      <div className="pad">
        <Link to="/guidance?tab=table">{t('desk.answers.all')}</Link>
      </div>
      {opened && <Behind of={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}
