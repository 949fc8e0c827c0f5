import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe, useNames, usePipelines } from '../../app/session';
import { instant } from '../../ui/format';
import { asEarlier, readAsEarlier } from './earlier';
import type { Part } from './mapping';

/** Before says that a file of this form came in earlier, when and by whom, and offers to read this one as that was. */
export function Before({ p, onChange }: { p: Part; onChange: (p: Part) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const pipelines = usePipelines().data;
  const e = p.preview.earlier;
  if (!e) return null;
  const into = pipelines?.find((x) => x.id === e.pipelineId)?.name;
  const said = {
    file: e.file,
    at: instant(e.at, me.timeZone, me.today),
    by: names.member(e.by),
  };
  if (readAsEarlier(p, e) && (!into || into === p.spec.pipeline))
    return <p className="ink2">{t('import.sameAsBefore', said)}</p>;
  return (
    <p data-testid="earlier">
      {t('import.likeBefore', said)}{' '}
      <Button size="small" onClick={() => onChange(asEarlier(p, e, into))}>
        {t('import.asBefore')}
      </Button>
    </p>
  );
}
