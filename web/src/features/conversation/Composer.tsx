import { Button, Mentions, Segmented } from 'antd';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { foundBy } from '../../app/MemberSelect';
import { useMe, useOrg } from '../../app/session';
import { useKept } from '../../app/useKept';
import { useWrite } from '../../app/useWrite';
import { FilePick } from '../../ui/FilePick';
import { useLimits } from '../../ui/limits';
import { matches } from '../../ui/match';
import { ProblemBox } from '../../ui/Problem';
import { bytes } from '../../ui/size';
import { type Draft, fresh, type On, say, staleOf } from './queries';

/** Composer says something: in a thread, or about the record where no thread is given. What is not sent yet stays. */
export function Composer({ on, thread, note }: { on: On; thread?: string; note?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const at = thread ?? `${on.kind}/${on.id}`;
  const { value: d, set, done } = useKept(`talk/${me.memberId}/${at}`, fresh, (x) => !!x.text.trim());
  const [open, setOpen] = useState(false);
  const mine = thread ? !!note : d.note;
  const shown = open || !!d.text || d.files.length > 0;
  const ready = !!d.text.trim() || d.files.length > 0;
  const left = (f: File, of: File[]) => of.filter((x) => x !== f);
  const send = useWrite(
    async () => {
      let files = d.files;
      await say(on, thread, d, (f) => {
        files = left(f, files);
        set({ files });
      });
    },
    { done, stale: staleOf(on) },
  );
  const submit = () => ready && !send.isPending && send.mutate();
  const label = t(thread ? 'talk.answer' : mine ? 'talk.writeNote' : 'talk.write');
  return (
    <div className="talk-new">
      {shown && !thread && (
        <Segmented
          size="small"
          aria-label={t('talk.whoReads')}
          value={d.note ? 'note' : 'discussion'}
          onChange={(v) => set({ note: v === 'note' })}
          options={[
            { value: 'discussion', label: t('talk.kind.discussion') },
            { value: 'note', label: t('talk.kind.note') },
          ]}
        />
      )}
      <Words
        label={label}
        draft={d}
        set={set}
        rows={shown ? 2 : 1}
        onFocus={() => setOpen(true)}
        onSend={submit}
        plain={mine}
      />
      {d.files.map((f) => (
        <div key={f.name + f.size} className="ends">
          <span className="ink2 break">
            {f.name} · {bytes(f.size)}
          </span>
          <Button
            size="small"
            type="text"
            aria-label={`${t('common.delete')} ${f.name}`}
            onClick={() => set({ files: left(f, d.files) })}
          >
            {t('common.delete')}
          </Button>
        </div>
      ))}
      {send.error && <ProblemBox error={send.error} />}
      {shown && (
        <Foot
          d={d}
          set={set}
          hint={t(mine ? 'talk.noteHint' : 'talk.hint')}
          ready={ready}
          pending={send.isPending}
          onSend={submit}
        />
      )}
    </div>
  );
}

function Foot({
  d,
  set,
  hint,
  ready,
  pending,
  onSend,
}: {
  d: Draft;
  set: (part: Partial<Draft>) => void;
  hint: string;
  ready: boolean;
  pending: boolean;
  onSend: () => void;
}) {
  const { t } = useTranslation();
  const limits = useLimits();
  return (
    <div className="talk-foot">
      <small className="ink2">{hint}</small>
      <span>
        <FilePick
          multiple
          label={t('file.attach')}
          max={limits?.maxFileBytes}
          onPick={(files) => set({ files: [...d.files, ...files] })}
        />
        <Button type="primary" disabled={!ready} loading={pending} onClick={onSend}>
          {t('talk.send')}
        </Button>
      </span>
    </div>
  );
}

/** Words is a text in which colleagues are named after an @, found by name, pinyin, initials or team. */
export function Words({
  label,
  draft,
  set,
  rows,
  plain,
  onFocus,
  onSend,
}: {
  label: string;
  draft: Pick<Draft, 'text' | 'chosen'>;
  set: (part: Partial<Draft>) => void;
  rows: number;
  /** Nobody else reads it: nobody is named. */
  plain?: boolean;
  onFocus?: () => void;
  onSend: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const people = useOrg().data?.members.filter((m) => !m.leftOn && m.id !== me.memberId) ?? [];
  const keys = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey)) return;
    e.preventDefault();
    onSend();
  };
  return (
    <Mentions
      aria-label={label}
      placeholder={label}
      autoSize={{ minRows: rows, maxRows: 10 }}
      value={draft.text}
      maxLength={4000}
      prefix={plain ? [] : '@'}
      notFoundContent={t('talk.nobody')}
      filterOption={(typed, o) => matches(typed, (o as { by?: string[] }).by ?? [])}
      options={people.map((m) => ({
        key: m.id,
        value: m.name,
        label: m.team ? `${m.name} · ${m.team}` : m.name,
        by: [m.name, ...foundBy(m)],
        id: m.id, // the library makes another key of ours
      }))}
      onSelect={(o) =>
        set({ chosen: [...draft.chosen, { id: (o as { id?: string }).id ?? '', name: String(o.value) }] })
      }
      onChange={(text) => set({ text })}
      onFocus={onFocus}
      onKeyDown={keys}
    />
  );
}
