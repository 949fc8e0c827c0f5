import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useUrl } from '../../ui/useUrl';
import { Audit } from '../audit/Audit';
import { Files } from '../file/Files';
import { About } from './settings/About';
import { Calendar } from './settings/Calendar';
import { Company } from './settings/Company';
import { Fields } from './settings/Fields';
import { Mine } from './settings/Mine';
import { People } from './settings/People';
import { Products } from './settings/Products';
import { Roles } from './settings/Roles';
import { Seats } from './settings/Seats';
import { Teams } from './settings/Teams';

/** SettingsPage: one's own sign-in, and, for administrators, people, products, fields, company and calendar. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const { get, replace } = useUrl();
  const canOrg = useCan('org.edit');
  const canFields = useCan('field.edit');
  const canSettings = useCan('settings.edit');
  const canAudit = useCan('audit.read');
  const tabs = [
    { key: 'mine', label: t('settings.mine'), children: <Mine /> },
    { key: 'people', label: t('settings.people'), children: <People edit={canOrg} /> },
    ...(canOrg ? [{ key: 'teams', label: t('settings.teams'), children: <Teams /> }] : []),
    { key: 'seats', label: t('settings.seats'), children: <Seats edit={canOrg} /> },
    { key: 'roles', label: t('settings.roles'), children: <Roles edit={canOrg} /> },
    ...(canSettings ? [{ key: 'products', label: t('settings.products'), children: <Products /> }] : []),
    ...(canFields ? [{ key: 'fields', label: t('settings.fields'), children: <Fields /> }] : []),
    ...(canSettings ? [{ key: 'company', label: t('settings.company'), children: <Company /> }] : []),
    { key: 'files', label: t('settings.files'), children: <Files /> },
    ...(canAudit ? [{ key: 'audit', label: t('settings.audit'), children: <Audit /> }] : []),
    { key: 'calendar', label: t('settings.calendar'), children: <Calendar /> },
    { key: 'about', label: t('settings.about'), children: <About /> },
  ];
  return (
    <>
      <div className="top">
        <h1>{t('nav.settings')}</h1>
      </div>
      <Tabs items={tabs} activeKey={get('tab') ?? 'mine'} onChange={(tab) => replace(`tab=${tab}`)} />
    </>
  );
}
