import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { Amount } from '../../../ui/Amount';
import { Provisional } from '../../../ui/bits';
import { day, percent } from '../../../ui/format';
import { RecordLink } from '../../../ui/RecordLink';
import { Uncertain } from '../../../ui/Uncertain';
import { CoverNum } from '../../relation/later';
import { clockDays } from '../Clocks';
import type { RecordBody } from '../queries';
import type { Open } from './dialogs';

/** Head is the summary: who, how much, the three probabilities, the two clocks. */
export function Head({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const names = useNames();
  const me = useMe();
  const c = r.clocks;
  const tax = `${r.taxIncluded ? t('opp.taxIn') : t('opp.taxOut')}${r.taxBp === null ? '' : ` ${percent(r.taxBp, 0)}`}`;
  return (
    <div className="head" data-facts>
      <div>
        <h1>{r.name}</h1>
        <div className="ink2">
          {r.accountId && (
            <RecordLink kind="account" id={r.accountId}>
              {r.account}
            </RecordLink>
          )}{' '}
          · {names.member(r.ownerId)} · {names.team(r.teamId)} · {r.pipeline.name} v{r.pipeline.number}
          {r.source && ` · ${r.source}`}
        </div>
      </div>
      <div className="nums">
        <div className="num">
          <small>
            {r.state === 'won' ? t('opp.contract') : t('common.aside', { name: t('opp.amount'), value: tax })}
          </small>
          <b>
            <Amount minor={r.state === 'won' ? r.contractMinor : r.amountMinor} currency={r.currency} />
          </b>
        </div>
        {r.state === 'open' ? (
          <>
            <div className="num">
              <small>{t('record.three')}</small>
              <b>
                {percent(r.confidenceBp, 0)} /{' '}
                {percent(r.pipeline.stages.find((s) => s.id === r.stageId)?.successBp, 0)} /{' '}
                {r.calibratedBp === null && r.computing ? t('list.computing') : percent(r.calibratedBp, 0)}
              </b>
            </div>
            <div className="num">
              <small>{t('clock.progressName')}</small>
              <b className={r.stalled ? 'bad' : ''} title={c.atLeast ? t('clock.atLeast') : undefined}>
                {clockDays(t, c.progressDays, c.atLeast)}
                {r.stalled && ` · ${t('clock.stalledWord')}`}
              </b>
            </div>
            <div className="num">
              <small>{t('clock.contactName')}</small>
              <b
                className={(c.contactDays ?? 0) > 7 ? 'warn' : ''}
                title={c.contactAtLeast ? t('clock.noContact') : undefined}
              >
                {clockDays(t, c.contactDays, c.contactAtLeast)}
              </b>
            </div>
            {r.contacts.length > 0 && <CoverNum r={r} />}
            <Phase r={r} />
            <div className="num">
              <small>{t('opp.expectedOn')}</small>
              <b>
                {day(r.expectedOn, me.today)}{' '}
                {r.pushes > 0 && <span className="chip w">{t('opp.pushes', { count: r.pushes })}</span>}
              </b>
            </div>
          </>
        ) : (
          <div className="num">
            <small>{t(`state.${r.state}`)}</small>
            <b className={r.state === 'won' ? 'good' : 'bad'}>
              {day(r.closedOn, me.today)} <Provisional opp={r} />
            </b>
          </div>
        )}
      </div>
    </div>
  );
}

/** Phase is how long the deal has stood in the phase of its stage, and which years were counted without certain holidays. */
function Phase({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  if (!r.phase) return null;
  const phase = t(`phase.${r.phase.phase}`);
  const since = t('clock.phaseSince', { phase, day: day(r.phase.since, me.today) });
  const years = [...r.clocks.uncertain, ...r.phase.uncertain].filter(
    (y, i, all) => all.findIndex((x) => x.year === y.year) === i,
  );
  return (
    <div className="num">
      <small>{t('clock.phaseName', { phase })}</small>
      <b title={r.phase.atLeast ? `${since}. ${t('clock.atLeast')}` : since}>
        {clockDays(t, r.phase.workingDays, r.phase.atLeast)}
      </b>
      <Uncertain years={years} />
    </div>
  );
}

/** Stages is the path walked, and the way to move along it. */
export function Stages({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const place = (id: string) => r.pipeline.stages.findIndex((s) => s.id === id);
  // A loss or a withdrawal stands nowhere on the path: what counts is how far it came.
  const came = r.stays
    .filter((s) => !s.voided && (s.state === 'open' || s.state === 'won'))
    .map((s) => place(s.stageId));
  const at = r.state === 'open' || r.state === 'won' ? place(r.stageId) : Math.max(-1, ...came);
  const present = useRef<HTMLButtonElement>(null);
  // On a phone the path is wider than the screen: begin where the deal is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it moves with the stage
  useEffect(() => {
    const box = present.current?.parentElement;
    if (box && present.current) box.scrollLeft = present.current.offsetLeft - box.offsetLeft - 40;
  }, [r.stageId]);
  return (
    <div className="stages">
      {r.pipeline.stages
        .filter((s) => s.kind === 'open' || s.kind === 'won' || s.id === r.stageId)
        .map((s) => {
          const i = r.pipeline.stages.indexOf(s);
          const stays = r.stays.filter((x) => x.stageId === s.id && !x.voided && x.workingDays !== null);
          const worked = stays.reduce((n, x) => n + (x.workingDays ?? 0), 0);
          const now = s.id === r.stageId && r.state === 'open';
          const cls =
            s.id === r.stageId && r.state !== 'open'
              ? `st ${r.state}`
              : now
                ? 'st now'
                : stays.length || i < at
                  ? 'st done'
                  : 'st';
          return (
            <button
              type="button"
              key={s.id}
              ref={s.id === r.stageId ? present : undefined}
              className={cls}
              disabled={now || !r.mayWrite || r.state !== 'open'}
              onClick={() => open({ kind: 'move', to: s.id })}
              title={s.buyerStep}
            >
              <b>{s.name}</b>
              <small>
                {stays.length
                  ? t('record.stayed', { count: worked })
                  : now
                    ? clockDays(t, r.clocks.stayDays, r.clocks.stayAtLeast)
                    : i < at
                      ? t('record.skipped')
                      : '—'}
                {now && r.limits ? ` · ${t('record.limit', { days: r.limits.overstayedDays })}` : ''}
              </small>
            </button>
          );
        })}
    </div>
  );
}
