import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { LinkButton } from '../../ui/LinkButton';
import { CreateDialog } from '../opportunity/dialogs';

/** Begin is the desk of somebody without a deal: what to do first, each step for whom it is open to. */
export function Begin() {
  const { t } = useTranslation();
  const canImport = useCan('import.run');
  const canWrite = useCan('opportunity.write');
  const canInvite = useCan('org.edit');
  const canStages = useCan('pipeline.edit');
  const [creating, setCreating] = useState(false);
  const go = (to: string, label: string, primary = false) => (
    <LinkButton to={to} type={primary ? 'primary' : 'default'}>
      {label}
    </LinkButton>
  );
  return (
    <div className="card">
      <h2>{t('begin.title')}</h2>
      {canImport && (
        <Step title={t('begin.import')} hint={t('begin.importHint')} act={go('/import', t('nav.import'), true)} />
      )}
      {canWrite && (
        <Step
          title={t('begin.create')}
          hint={t('begin.createHint')}
          act={
            <Button type={canImport ? 'default' : 'primary'} onClick={() => setCreating(true)}>
              {t('create.title')}
            </Button>
          }
        />
      )}
      {canInvite && (
        <Step
          title={t('begin.invite')}
          hint={t('begin.inviteHint')}
          act={go('/settings?tab=people', t('begin.inviteGo'))}
        />
      )}
      {canStages && (
        <Step
          title={t('begin.stages')}
          hint={t('begin.stagesHint')}
          act={go('/settings/pipelines', t('nav.pipelines'))}
        />
      )}
      {!canImport && !canWrite && <div className="pad ink2">{t('begin.nothing')}</div>}
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </div>
  );
}

function Step({ title, hint, act }: { title: string; hint: string; act: ReactNode }) {
  return (
    <div className="ex i">
      <s />
      <div>
        <h3>{title}</h3>
        <p>{hint}</p>
      </div>
      <div className="act">{act}</div>
    </div>
  );
}
