import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Scroll } from '../../ui/bits';
import { day } from '../../ui/format';
import type { Change } from '../change/queries';
import type { RecordBody } from '../opportunity/queries';
import { tiesBetween } from '../tie/queries';
import { useGaps } from './Gaps';
import { BOX, type Box, type Layout, laidOut } from './layout';
import type { Related, Relations, Thread } from './queries';
import { useAcquainted } from './useAcquainted';
import { standsOf } from './useJudged';

/** cut is a text of no more than a box holds: a Chinese sign is as wide as two others. */
function cut(text: string, most = 15): string {
  let wide = 0;
  for (const [i, c] of [...text].entries()) {
    wide += c > 'ÿ' ? 2 : 1;
    if (wide > most) return `${[...text].slice(0, i).join('')}…`;
  }
  return text;
}

/** latest is for each of theirs the thread that was last taken up. */
const latest = (threads: readonly Thread[]) => [
  ...new Map([...threads].reverse().map((x) => [x.contactId, x])).values(),
];

/** Picture is the same as the table, as a picture: influence upwards, coverage to the right, our people beside. */
export function Picture({ r, rel, changes }: { r: RecordBody; rel: Relations; changes: readonly Change[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const gaps = useGaps(rel);
  const threads = latest(rel.threads);
  const acquainted = useAcquainted(changes).filter(
    (k) => rel.people.some((x) => x.contactId === k.from) && !threads.some((x) => x.contactId === k.from),
  );
  const ours = [...new Set([r.ownerId, ...threads.map((x) => x.memberId), ...acquainted.map((k) => k.to)])].filter(
    Boolean,
  );
  const between = useQuery(tiesBetween(rel.people.map((x) => x.contactId))).data ?? [];
  const p = laidOut(
    rel.people.map((x) => ({ id: x.contactId, influence: x.influence ?? null, coverage: x.coverage ?? null })),
    ours,
    [...threads.map((x) => ({ from: x.contactId, to: x.memberId })), ...acquainted],
  );
  const at = (id: string) => [...p.theirs, ...p.ours].find((b) => b.id === id);
  const swaps = changes.flatMap((c) => {
    const [from, to] = [at(c.contactId), at(c.successorId)];
    return from && to ? [{ id: c.id, from, to, on: c.on }] : [];
  });
  const said = [
    t('relation.mapName', { name: r.name, count: rel.people.length }),
    ...gaps.map((g) => g.text),
    ...acquainted.map((k) => k.said),
    t('relation.mapSame'),
  ].join(t('common.comma'));
  return (
    <div className="map">
      <Scroll label={t('relation.map')}>
        <svg
          role="img"
          aria-label={said}
          style={{ maxWidth: p.width, minWidth: Math.min(p.width, 760) }}
          viewBox={`0 0 ${p.width} ${p.height}`}
        >
          <Net p={p} />
          {p.labels.map((l) => {
            const [from, to] = [at(l.from), at(l.to)];
            const maybe = acquainted.some((k) => k.from === l.from);
            const d = from && to && (maybe ? below : tie)(from, to, p.gutter, l.y);
            return d && <path key={l.from} className={maybe ? 'tie maybe' : 'tie'} d={d} />;
          })}
          {between.map((x) => {
            const [from, to] = [at(x.fromContactId), at(x.contactId)];
            return from && to && <path key={x.id} className="tie among" d={straight(from, to)} />;
          })}
          {swaps.map((s) => (
            <path key={s.id} className="tie swap" d={swap(s.from, s.to)} />
          ))}
          {p.labels.map((l) => {
            const x = threads.find((one) => one.contactId === l.from);
            const how = acquainted.find((k) => k.from === l.from)?.how;
            const text = x ? `${day(x.on, me.today)} ${t(`channel.${x.channel}`)}` : cut(how ?? '', 13);
            return <Said key={l.from} x={p.gutter} y={l.y} text={text} />;
          })}
          {swaps.map((s) => {
            const middle = { x: (s.from.x + s.to.x + BOX.width) / 2, y: (s.from.y + s.to.y + BOX.height) / 2 };
            const covered = p.theirs.some((b) => over(b, middle));
            return (
              !covered && (
                <Said key={s.id} {...middle} text={t('relation.swapped', { on: day(s.on, me.today) })} swapped />
              )
            );
          })}
          {between.map((x) => {
            const [from, to] = [at(x.fromContactId), at(x.contactId)];
            if (!from || !to) return null;
            const above = x.direction === 'below' ? to : from;
            const up = x.kind === 'superior' ? heading(above === to ? from : to, above) : '';
            return <Among key={x.id} from={from} to={to} text={`${t(`relation.between.${x.kind}`)}${up}`} />;
          })}
          {p.theirs.map((b) => {
            const x = rel.people.find((one) => one.contactId === b.id);
            return x && <Person key={b.id} b={b} x={x} />;
          })}
          {p.ours.map((b) => (
            <g key={b.id}>
              <rect className="node ours" x={b.x} y={b.y} width={BOX.width} height={BOX.height} rx={6} />
              <Two
                b={b}
                name={names.member(b.id)}
                below={t(
                  b.id === r.ownerId ? 'relation.owner' : b.id === me.memberId ? 'tie.you' : 'relation.colleague',
                )}
              />
            </g>
          ))}
        </svg>
      </Scroll>
      <div className="pad line-above ink2 wrap-8">
        {(['good', 'warn', 'bad'] as const).map((side) => (
          <span key={side}>
            <i className={`side-of ${side}`} aria-hidden />
            {t(`relation.side.${side}`)}
          </span>
        ))}
        <span>{t('relation.dashed')}</span>
        {acquainted.length > 0 && <span>{t('relation.acquainted')}</span>}
      </div>
    </div>
  );
}

function Net({ p }: { p: Layout }) {
  const { t } = useTranslation();
  const [first, last] = [p.columns[0], p.columns.at(-1)];
  const [top, bottom] = [p.rows[0], p.rows.at(-1)];
  if (!first || !last || !top || !bottom) return null;
  const [left, right, end] = [first.at, last.at + last.size, bottom.at + bottom.size];
  const foot = p.height - 28;
  return (
    <>
      <rect className="us" x={p.right} y={top.at} width={BOX.width + 16} height={p.height - 46 - top.at} rx={8} />
      <text x={2} y={top.at + 12}>
        {t('relation.influence')} ↑
      </text>
      {p.rows.map((row) => (
        <g key={row.of ?? 'unknown'}>
          <path className="net" d={`M${left} ${row.at + row.size}H${right}`} />
          <text x={left - 8} y={row.at + row.size / 2 + 4} textAnchor="end">
            {row.of ?? t('relation.unknown')}
          </text>
        </g>
      ))}
      {p.columns.map((c) => (
        <g key={c.of ?? 'unknown'}>
          <path className="net" d={`M${c.at} ${top.at}V${end}`} />
          <text x={c.at + c.size / 2} y={foot} textAnchor="middle">
            {c.of === null ? t('relation.unknown') : t(`relation.coverageOf.${c.of}`)}
          </text>
        </g>
      ))}
      <text x={p.right + BOX.width / 2 + 8} y={foot} textAnchor="middle">
        {t('relation.us')}
      </text>
      <text x={(left + right) / 2} y={foot + 18} textAnchor="middle">
        {t('relation.coverage')} →
      </text>
    </>
  );
}

function Person({ b, x }: { b: Box; x: Related }) {
  const { t } = useTranslation();
  const side = x.former ? 'gone' : standsOf(x.attitude);
  const stands = t(`relation.short.${x.attitude ?? 'unknown'}`);
  const name = x.name || t('contact.erased');
  const below = x.former ? t('relation.gone') : `${t(`relation.part.${x.role}`)} · ${stands}`;
  return (
    <g>
      <title>{`${name} ${x.title} ${below}`}</title>
      <rect className={`node ${side}`} x={b.x} y={b.y} width={BOX.width} height={BOX.height} rx={6} />
      <Two b={b} name={name} below={below} />
    </g>
  );
}

function Two({ b, name, below }: { b: Box; name: string; below: string }) {
  const x = b.x + BOX.width / 2;
  return (
    <>
      <text className="who" x={x} y={b.y + 19} textAnchor="middle">
        {cut(name, 14)}
      </text>
      <text x={x} y={b.y + 36} textAnchor="middle">
        {cut(below)}
      </text>
    </>
  );
}

/** Said stands on a line, on a ground of its own. */
function Said({ x, y, text, swapped }: { x: number; y: number; text: string; swapped?: boolean }) {
  return (
    <>
      <rect className="under" x={x - 41} y={y - 9} width={82} height={18} rx={4} />
      <text className={swapped ? 'said swap' : 'said'} x={x} y={y + 4} textAnchor="middle">
        {text}
      </text>
    </>
  );
}

const over = (b: Box, at: { x: number; y: number }) =>
  at.x + 41 > b.x && at.x - 41 < b.x + BOX.width && at.y + 9 > b.y && at.y - 9 < b.y + BOX.height;

/** tie goes from one of theirs by what is written on it to one of ours. */
function tie(from: Box, to: Box, gutter: number, y: number): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [to.x, to.y + BOX.height / 2];
  const left = gutter - 41;
  return `M${x1} ${y1}C${left - 30} ${y1} ${left - 30} ${y} ${left} ${y}M${gutter + 41} ${y}L${x2} ${y2}`;
}

/** below leaves downwards, beside the arrow to who follows and beneath who went. */
function below(from: Box, to: Box, gutter: number, y: number): string {
  const [x1, y1] = [from.x + BOX.width / 2, from.y + BOX.height];
  const [left, dip] = [gutter - 41, y1 + 28];
  return `M${x1} ${y1}C${x1} ${dip} ${left - 120} ${dip} ${left} ${y}M${gutter + 41} ${y}L${to.x} ${to.y + BOX.height / 2}`;
}

const centre = (b: Box) => ({ x: b.x + BOX.width / 2, y: b.y + BOX.height / 2 });

/** straight goes from one box to another, below both. */
function straight(from: Box, to: Box): string {
  const [a, b] = [centre(from), centre(to)];
  return `M${a.x} ${a.y}L${b.x} ${b.y}`;
}

/** heading points from one to the other. */
function heading(from: Box, to: Box): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (Math.abs(dy) >= Math.abs(dx)) return dy < 0 ? ' ↑' : ' ↓';
  return dx < 0 ? ' ←' : ' →';
}

/** Among is written in the middle of a line between two boxes, or beside it where they stand too near. */
function Among({ from, to, text }: { from: Box; to: Box; text: string }) {
  const [a, b] = [centre(from), centre(to)];
  const near = Math.abs(a.y - b.y) < BOX.height + 20 && Math.abs(a.x - b.x) < BOX.width;
  const x = near ? Math.max(a.x, b.x) + BOX.width / 2 + 28 : (a.x + b.x) / 2;
  const y = (a.y + b.y) / 2;
  return (
    <>
      <rect className="under" x={x - 26} y={y - 8} width={52} height={16} rx={4} />
      <text className="said among" x={x} y={y + 4} textAnchor="middle">
        {text}
      </text>
    </>
  );
}

/** swap goes from who went to who follows, with a head. */
function swap(from: Box, to: Box): string {
  const back = to.x <= from.x;
  const [x1, y1] = [back ? from.x : from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [back ? to.x + BOX.width + 6 : to.x - 6, to.y + BOX.height / 2];
  const d = back ? 8 : -8;
  return `M${x1} ${y1}L${x2} ${y2}M${x2 + d} ${y2 - 5}L${x2} ${y2}L${x2 + d} ${y2 + 5}`;
}
