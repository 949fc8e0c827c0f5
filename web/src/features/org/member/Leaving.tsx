import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { MemberSelect } from '../../../app/MemberSelect';
import { useMe } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { FromDay, OrgDialog } from '../OrgDialog';
import { asRead, type MemberPage } from '../queries';
import type { FormProps } from './Person';
import { PostFields, usePost } from './Posts';
import { type Given, RoleFields } from './RoleForm';

type Left = Schemas['OrgLeftBody'];

/** Leave ends everything on a day, and says what is still to be handed over. */
export function Leave({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const me = useMe();
  const [on, setOn] = useState(m.backOn || me.today);
  const [heir, setHeir] = useState<string>();
  const tell = (left: Left) => {
    if (left.held.length === 0) {
      message.success(t('common.saved'));
      return;
    }
    const what = left.held.map((h) => t(`held.${h.kind}`, { count: h.count, defaultValue: `${h.kind} ${h.count}` }));
    modal.info({ title: t('member.stillHolds', { name: m.name }), content: what.join(t('common.comma')) });
  };
  return (
    <OrgDialog
      title={t('member.leave')}
      hint={t('member.leaveHint')}
      ok={heir ? t('settings.leave') : t('member.leave')}
      danger
      save={() => leave(m, on, heir, t('settings.leaver'))}
      onSaved={tell}
      onClose={onClose}
    >
      <FromDay label={t('member.firstDayWithout')} hint={t('member.leaveOnHint')} value={on} onChange={setOn} />
      <Field label={t('handover.to')} hint={t('member.heirHint')}>
        <MemberSelect value={heir} onChange={setHeir} without={[m.id]} clearable />
      </Field>
    </OrgDialog>
  );
}

async function leave(m: MemberPage, on: string, heir: string | undefined, reason: string): Promise<Left> {
  if (heir) await must(api.POST('/api/handovers', { body: { fromId: m.id, toId: heir, reason } }));
  return must(api.POST('/api/members/{id}/leave', { params: asRead(m), body: { on } }));
}

/** ComeBack has somebody who left, or is to leave, back from a day on. */
export function ComeBack({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const last = m.posts.filter((p) => p.main).at(-1);
  const [post, setPost] = usePost({ teamId: last?.teamId, leads: last?.leads });
  const [given, setGiven] = useState<Given>({ role: m.roles.at(-1)?.role ?? 'rep', productLines: [], regions: [] });
  const from = post.from === me.today && m.leftOn > me.today ? m.leftOn : post.from;
  return (
    <OrgDialog
      title={t('member.comeBack')}
      hint={t('member.comeBackHint', { on: m.leftOn })}
      save={() =>
        must(api.POST('/api/members/{id}/comeback', { params: asRead(m), body: { ...post, ...given, from } }))
      }
      onClose={onClose}
    >
      <PostFields post={{ ...post, from }} onChange={setPost} />
      <RoleFields given={given} onChange={setGiven} />
    </OrgDialog>
  );
}
