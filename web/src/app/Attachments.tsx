import { type QueryKey, useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { under } from '../api/base';
import { api, must, type Schemas, upload } from '../api/client';
import { FilePick } from '../ui/FilePick';
import { dayOf } from '../ui/format';
import { useLimits } from '../ui/limits';
import { ProblemBox } from '../ui/Problem';
import { bytes } from '../ui/size';
import { filesOf } from './queries';
import { useMe, useNames } from './session';
import { useWrite } from './useWrite';

type Attached = Schemas['FileFileBody'];

/** Attachments are the files of a record of any kind. What is evidence stays; the rest may be removed by who may change the record. */
export function Attachments({
  kind,
  id,
  mayWrite,
}: {
  kind: 'opportunity' | 'account';
  id: string;
  mayWrite: boolean;
}) {
  const { t } = useTranslation();
  const limits = useLimits();
  const asked = filesOf(kind, id);
  const { queryKey } = asked;
  const files = useQuery(asked);
  const attach = useWrite(
    (f: File) => upload<Attached>(`/api/files?kind=${kind}&id=${id}&name=${encodeURIComponent(f.name)}`, f),
    { stale: [queryKey] },
  );
  return (
    <div className="card" data-testid="attachments">
      <h2>
        {t('file.attachments')}
        <span>{files.data && files.data.length > 0 && files.data.length}</span>
      </h2>
      {files.error && <ProblemBox error={files.error} retry={files.refetch} />}
      {files.data?.map((f) => (
        <Line key={f.id} of={f} mayWrite={mayWrite} stale={queryKey} />
      ))}
      {files.data?.length === 0 && <div className="pad ink2">{t('file.none')}</div>}
      {mayWrite && (
        <div className="pad">
          {attach.error && <ProblemBox error={attach.error} />}
          <FilePick
            label={t('file.attach')}
            max={limits?.maxFileBytes}
            disabled={attach.isPending}
            onPick={([f]) => f && attach.mutate(f)}
          />
        </div>
      )}
    </div>
  );
}

/** useAskRemove removes a file, after a question. */
export function useAskRemove(stale: QueryKey) {
  const { t } = useTranslation();
  const remove = useWrite((id: string) => must(api.DELETE('/api/files/{id}', { params: { path: { id } } })), {
    told: true,
    stale: [stale],
  });
  const { modal } = App.useApp();
  return (f: { id: string; name: string }) =>
    modal.confirm({
      title: t('file.removeAsk', { name: f.name }),
      content: t('file.removeHint'),
      okText: t('common.delete'),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(f.id).catch(() => {}), // told
    });
}

function Line({ of, mayWrite, stale }: { of: Attached; mayWrite: boolean; stale: QueryKey }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const ask = useAskRemove(stale);
  return (
    <div className="ms main-auto" data-testid="attachment">
      <div>
        <a className="break" href={under(`/api/files/${of.id}`)}>
          {of.name}
        </a>
        <small>
          {bytes(of.size)} · {dayOf(of.createdAt, me.timeZone)} · {names.member(of.createdBy)}
        </small>
      </div>
      {of.needed ? (
        <span className="chip" title={t('problem.file.needed')}>
          {t('file.evidence')}
        </span>
      ) : (
        mayWrite && (
          <Button size="small" type="text" aria-label={`${t('common.delete')} ${of.name}`} onClick={() => ask(of)}>
            {t('common.delete')}
          </Button>
        )
      )}
    </div>
  );
}
