import { useQuery } from '@tanstack/react-query';
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { asRead } from '../../../api/version';
import { Field } from '../../../ui/bits';
import { Select } from '../../../ui/Select';
import { FromDay, OrgDialog, TeamSelect, useDay, usePositionName } from '../OrgDialog';
import { type MemberPage, seatsOf } from '../queries';
import type { FormProps } from './Person';

export type Post = Schemas['OrgPostIn'];

/** PostFields ask where somebody is put: a team and what the post is, or a seat that stands empty. */
export function PostFields({ post, onChange }: { post: Post; onChange: (p: Post) => void }) {
  const { t } = useTranslation();
  const seats = useQuery(seatsOf).data?.filter((s) => s.teamId === post.teamId && !s.holderId && !s.nextId) ?? [];
  return (
    <>
      <div className="grid2">
        <Field label={t('opp.team')} at="teamId">
          <TeamSelect value={post.teamId} onChange={(teamId) => onChange({ ...post, teamId, seatId: undefined })} />
        </Field>
        <FromDay label={t('settings.from')} value={post.from ?? ''} onChange={(from) => onChange({ ...post, from })} />
      </div>
      {seats.length > 0 && (
        <Field label={t('member.vacancy')} at="seatId">
          <Select
            className="wide"
            allowClear
            placeholder={t('member.anySeat')}
            value={post.seatId}
            onChange={(seatId) => onChange({ ...post, seatId })}
            options={seats.map((s) => ({ value: s.id, label: `${s.position} · ${s.from < '1900' ? '' : s.from}` }))}
          />
        </Field>
      )}
      {!post.seatId && (
        <div className="grid2">
          <Field label={t('settings.position')} at="position" hint={t('member.positionHint')}>
            <Input
              value={post.position}
              onChange={(e) => onChange({ ...post, position: e.target.value })}
              maxLength={20}
            />
          </Field>
          <div className="field">
            <Checkbox checked={post.leads} onChange={(e) => onChange({ ...post, leads: e.target.checked })}>
              {t('settings.leads')}
            </Checkbox>
          </div>
        </div>
      )}
    </>
  );
}

/** usePost is a post that begins today. */
export function usePost(first: Post) {
  const [today] = useDay();
  return useState<Post>({ ...first, from: today });
}

/** Transfer moves the main post; what was won before stays with the team of that day. */
export function Transfer({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const position = usePositionName();
  const [post, setPost] = usePost({ teamId: m.teamId, leads: m.leads });
  return (
    <OrgDialog
      title={t('member.transfer')}
      hint={t('member.transferHint')}
      ready={!!post.teamId}
      save={() =>
        must(api.POST('/api/members/{id}/transfer', { params: asRead(m), body: { ...post, position: position(post) } }))
      }
      onClose={onClose}
    >
      <PostFields post={post} onChange={setPost} />
    </OrgDialog>
  );
}

/** AddPost gives one more post beside the main one. */
export function AddPost({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const position = usePositionName();
  const [post, setPost] = usePost({ leads: m.leads });
  return (
    <OrgDialog
      title={t('member.addPost')}
      hint={t('member.addPostHint')}
      ready={!!post.teamId}
      save={() =>
        must(api.POST('/api/members/{id}/posts', { params: asRead(m), body: { ...post, position: position(post) } }))
      }
      onClose={onClose}
    >
      <PostFields post={post} onChange={setPost} />
    </OrgDialog>
  );
}

type SeatProps = { m: MemberPage; seat: string; onClose: () => void };
const ofSeat = (m: MemberPage, seat: string) => ({ ...asRead(m), path: { id: m.id, seat } });

export function EndPost({ m, seat, onClose }: SeatProps) {
  const { t } = useTranslation();
  const [on, setOn] = useDay();
  return (
    <OrgDialog
      title={t('member.endPost')}
      ok={t('member.endPost')}
      save={() => must(api.POST('/api/members/{id}/posts/{seat}/end', { params: ofSeat(m, seat), body: { on } }))}
      onClose={onClose}
    >
      <FromDay at="on" label={t('member.firstDayWithout')} value={on} onChange={setOn} />
    </OrgDialog>
  );
}

export function MainPost({ m, seat, onClose }: SeatProps) {
  const { t } = useTranslation();
  const [on, setOn] = useDay();
  return (
    <OrgDialog
      title={t('member.makeMain')}
      hint={t('member.mainHint')}
      save={() => must(api.POST('/api/members/{id}/posts/{seat}/main', { params: ofSeat(m, seat), body: { on } }))}
      onClose={onClose}
    >
      <FromDay at="on" label={t('settings.from')} value={on} onChange={setOn} />
    </OrgDialog>
  );
}
