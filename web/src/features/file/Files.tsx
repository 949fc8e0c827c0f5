import { useQuery } from '@tanstack/react-query';
import { Button, Progress, Segmented, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { under } from '../../api/base';
import type { Schemas } from '../../api/client';
import { useAskRemove } from '../../app/Attachments';
import { useCan, useMe, useNames } from '../../app/session';
import { Empty, Scroll, usePhone } from '../../ui/bits';
import { dayOf } from '../../ui/format';
import { Pager, usePages } from '../../ui/Pager';
import { ProblemBox } from '../../ui/Problem';
import { bytes } from '../../ui/size';
import { useUrl } from '../../ui/useUrl';
import { type By, filesOf, roomOf, type Whose } from './queries';

type Kept = Schemas['FileKeptBody'];

/** Files is what takes the room of attachments, one's own or the company's, and what of it may go. */
export function Files() {
  const { t } = useTranslation();
  const { get, set } = useUrl();
  const mayAll = useCan('settings.edit');
  const of: Whose = mayAll && get('whose') === 'company' ? 'company' : 'me';
  const sort = get('sort') === 'created' ? 'created' : 'size';
  const pages = usePages([of, sort]);
  const phone = usePhone();
  const list = useQuery(filesOf(of, sort, pages.cursor));
  const items = list.data?.items ?? [];
  return (
    <>
      <div className="filters">
        {mayAll && (
          <Segmented<Whose>
            aria-label={t('file.whose')}
            value={of}
            onChange={(v) => set({ whose: v === 'company' ? v : undefined })}
            options={[
              { value: 'me', label: t('file.mine') },
              { value: 'company', label: t('file.company') },
            ]}
          />
        )}
        <Segmented<By>
          aria-label={t('file.order')}
          value={sort}
          onChange={(v) => set({ sort: v === 'created' ? v : undefined })}
          options={[
            { value: 'size', label: t('file.largest') },
            { value: 'created', label: t('file.oldest') },
          ]}
        />
      </div>
      <Room of={of} />
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div className="card" hidden={list.isError && !list.data}>
        {list.isPending && <Skeleton active className="pad" />}
        {list.data && items.length === 0 && (
          <Empty title={t('file.noneKept')}>
            <p>{t('file.noneKeptHint')}</p>
          </Empty>
        )}
        {items.length > 0 && (phone ? <Cards items={items} /> : <Table items={items} by={of === 'company'} />)}
      </div>
      <Pager pages={pages} next={list.data?.next} />
    </>
  );
}

/** Room is how full it is; what hangs out of sight is in the sum, and is said. */
function Room({ of }: { of: Whose }) {
  const { t } = useTranslation();
  const room = useQuery(roomOf(of)).data;
  if (!room) return null;
  const share = Math.min(100, (100 * room.usedBytes) / room.mostBytes);
  const full = share >= 90;
  const used = t('file.used', { used: bytes(room.usedBytes), most: bytes(room.mostBytes) });
  return (
    <div className="card pad mb-16" data-testid="room">
      <b className={full ? 'bad' : undefined}>{used}</b>
      <Progress percent={Math.round(share)} showInfo={false} status={full ? 'exception' : 'normal'} aria-label={used} />
      {room.hidden > 0 && (
        <p className="ink2">{t('file.hidden', { count: room.hidden, size: bytes(room.hiddenBytes) })}</p>
      )}
    </div>
  );
}

function Table({ items, by }: { items: Kept[]; by: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <Scroll label={t('settings.files')}>
      <table className="t">
        <thead>
          <tr>
            <th>{t('file.name')}</th>
            <th>{t('file.size')}</th>
            <th className="l">{t('file.on')}</th>
            {by && <th className="l">{t('file.by')}</th>}
            <th className="l">{t('file.at')}</th>
            <th aria-label={t('common.delete')} />
          </tr>
        </thead>
        <tbody>
          {items.map((f) => (
            <tr key={f.id} data-testid="kept">
              <td className="break">
                <a href={under(`/api/files/${f.id}`)}>{f.name}</a>
              </td>
              <td className="nowrap">{bytes(f.size)}</td>
              <td className="l break">
                <On of={f} />
              </td>
              {by && <td className="l">{names.member(f.createdBy)}</td>}
              <td className="l nowrap">{dayOf(f.createdAt, me.timeZone)}</td>
              <td>
                <Gone of={f} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Cards are the files on a phone. */
function Cards({ items }: { items: Kept[] }) {
  const me = useMe();
  const names = useNames();
  return items.map((f) => (
    <div className="ms main-auto" key={f.id} data-testid="kept">
      <div>
        <a className="break" href={under(`/api/files/${f.id}`)}>
          {f.name}
        </a>
        <small>
          {bytes(f.size)} · {dayOf(f.createdAt, me.timeZone)} · {names.member(f.createdBy)}
        </small>
        <small>
          <On of={f} />
        </small>
      </div>
      <Gone of={f} />
    </div>
  ));
}

/** On is the record a file hangs on, opened where it has a page. */
function On({ of }: { of: Kept }) {
  const { t } = useTranslation();
  const page = { opportunity: '/opportunities', account: '/accounts' }[of.onKind];
  const kind = t(`record.of.${of.onKind}`);
  const name = `${kind} · ${of.on}`;
  return page ? <Link to={`${page}/${of.onId}`}>{name}</Link> : name;
}

/** Gone removes a file, where it may be; else it says why it stays. */
function Gone({ of }: { of: Kept }) {
  const { t } = useTranslation();
  const ask = useAskRemove(['attachments']);
  if (of.needed)
    return (
      <span className="chip" title={t('problem.file.needed')}>
        {t('file.evidence')}
      </span>
    );
  if (!of.removable) return <span className="ink3">{t('file.noRights')}</span>;
  return (
    <Button size="small" type="text" aria-label={`${t('common.delete')} ${of.name}`} onClick={() => ask(of)}>
      {t('common.delete')}
    </Button>
  );
}
