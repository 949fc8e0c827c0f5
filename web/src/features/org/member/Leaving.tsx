import { App, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { asRead } from '../../../api/version';
import { MemberSelect } from '../../../app/MemberSelect';
import { useCan, useMe } from '../../../app/session';
import { Field } from '../../../ui/bits';
import { useProblemText } from '../../../ui/problemText';
import { FromDay, OrgDialog, usePositionName } from '../OrgDialog';
import { StillHolds } from './Left';
import type { FormProps } from './Person';
import { PostFields, usePost } from './Posts';
import { type Given, RoleFields } from './RoleForm';

type Held = Schemas['OrgHeld'];

/** Leave ends everything on a day, hands over at once where that is chosen, and says what is still to be. */
export function Leave({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = useProblemText();
  const me = useMe();
  const mayHand = useCan('opportunity.handover');
  const [on, setOn] = useState(m.backOn || me.today);
  const [heir, setHeir] = useState<string>();
  const [chosen, setChosen] = useState<boolean>();
  const [left, setLeft] = useState<Held[]>();
  // Who leaves on a later day keeps what is his until then, unless it is said otherwise.
  const now = chosen ?? on <= me.today;
  const handing = now && !!heir;
  const save = async () => {
    const { held } = await must(api.POST('/api/members/{id}/leave', { params: asRead(m), body: { on } }));
    if (!handing) return held;
    try {
      await must(api.POST('/api/handovers', { body: { fromId: m.id, toId: heir, reason: t('settings.leaver') } }));
      return await must(api.GET('/api/members/{id}/held', { params: { path: { id: m.id } } }));
    } catch (e) {
      message.error(t('member.leftNotHanded', { why: text(e) }));
      return held;
    }
  };
  if (left && left.length > 0) return <StillHolds m={m} held={left} onClose={onClose} />;
  return (
    <OrgDialog
      title={t('member.leave')}
      hint={t('member.leaveHint')}
      ok={handing ? t('settings.leave') : t('member.leave')}
      danger
      save={save}
      onSaved={(held) => {
        if (held.length === 0) message.success(t('common.saved'));
        setLeft(held);
        return held.length > 0;
      }}
      onClose={onClose}
    >
      <FromDay at="on" label={t('member.firstDayWithout')} hint={t('member.leaveOnHint')} value={on} onChange={setOn} />
      {mayHand && (
        <Checkbox checked={now} onChange={(e) => setChosen(e.target.checked)}>
          {t('member.handNow')}
        </Checkbox>
      )}
      {mayHand && !now && <p className="hint">{t('member.handLater')}</p>}
      {mayHand && now && (
        <Field label={t('handover.to')} at="toId" hint={t('member.heirHint')}>
          <MemberSelect value={heir} onChange={setHeir} without={[m.id]} clearable />
        </Field>
      )}
    </OrgDialog>
  );
}

/** ComeBack has somebody who left, or is to leave, back from a day on. */
export function ComeBack({ m, onClose }: FormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const position = usePositionName();
  const last = m.posts.filter((p) => p.main).at(-1);
  const [post, setPost] = usePost({ teamId: last?.teamId, leads: last?.leads });
  const [given, setGiven] = useState<Given>({ role: m.roles.at(-1)?.role ?? 'rep', productLines: [], regions: [] });
  const from = post.from === me.today && m.leftOn > me.today ? m.leftOn : post.from;
  return (
    <OrgDialog
      title={t('member.comeBack')}
      hint={t('member.comeBackHint', { on: m.leftOn })}
      save={() =>
        must(
          api.POST('/api/members/{id}/comeback', {
            params: asRead(m),
            body: { ...post, ...given, from, position: position({ ...post, role: given.role }) },
          }),
        )
      }
      onClose={onClose}
    >
      <PostFields post={{ ...post, from }} onChange={setPost} />
      <RoleFields given={given} onChange={setGiven} />
    </OrgDialog>
  );
}
