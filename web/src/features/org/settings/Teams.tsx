import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartTree } from '../chart/ChartTree';
import { AddTeam } from './TeamForms';

/** Teams is the organisation of today as a tree, and what may be done with each team. */
export function Teams({ edit }: { edit: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  return (
    <>
      {edit && (
        <div className="filters">
          <Button type="primary" onClick={() => setAdding(true)}>
            {t('settings.addTeam')}
          </Button>
        </div>
      )}
      <ChartTree edit={edit} />
      {adding && <AddTeam onClose={() => setAdding(false)} />}
    </>
  );
}
