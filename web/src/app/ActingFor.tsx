import { useQueryClient } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getActingFor, setActingFor } from '../api/acting';
import { useMe, useNames } from './session';

/** ActingFor lets an assistant write in a principal's name; the journal keeps both. */
export function ActingFor() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const query = useQueryClient();
  const [acting, setActing] = useState(getActingFor);
  useEffect(() => {
    if (acting && !me.principals.includes(acting)) {
      setActingFor(''); // the delegation has ended
      setActing('');
    }
  }, [acting, me.principals]);
  if (me.principals.length === 0) return null;
  return (
    <Select
      size="small"
      aria-label={t('nav.actingFor')}
      className="wide-my-4"
      value={acting}
      onChange={(id: string) => {
        setActingFor(id);
        setActing(id);
        void query.invalidateQueries();
      }}
      options={[
        { value: '', label: t('nav.asMyself') },
        ...me.principals.map((id) => ({ value: id, label: t('nav.for', { name: names.member(id) }) })),
      ]}
    />
  );
}
