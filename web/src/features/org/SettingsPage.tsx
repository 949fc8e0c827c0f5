import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Lacking } from '../../app/Forbidden';
import { useMe } from '../../app/session';
import { useUrl } from '../../ui/useUrl';
import { Audit } from '../audit/Audit';
import { Settings as Desk } from '../desk/Settings';
import { Files } from '../file/Files';
import { Rules } from '../guidance/Rules';
import { Choices } from '../outgoing/Choices';
import { Ways } from '../outgoing/Ways';
import { Leave } from '../worktime/Leave';
import { TeamTimes } from '../worktime/TeamTimes';
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
  const { permissions } = useMe();
  const canOrg = permissions.includes('org.edit');
  const all = [
    { key: 'mine', children: <Mine /> },
    { key: 'notices', children: <Choices /> },
    { key: 'leave', children: <Leave /> },
    { key: 'people', children: <People edit={canOrg} /> },
    { key: 'teams', children: <Teams edit={canOrg} /> },
    { key: 'seats', children: <Seats edit={canOrg} /> },
    { key: 'roles', children: <Roles edit={canOrg} /> },
    { key: 'products', needs: 'settings.edit', children: <Products /> },
    { key: 'fields', needs: 'field.edit', children: <Fields /> },
    { key: 'company', needs: 'settings.edit', children: <Company /> },
    { key: 'guidance', needs: 'settings.edit', children: <Rules /> },
    { key: 'outgoing', needs: 'settings.edit', children: <Ways /> },
    { key: 'desk', needs: 'settings.edit', children: <Desk /> },
    { key: 'files', children: <Files /> },
    { key: 'audit', needs: 'audit.read', children: <Audit /> },
    { key: 'calendar', children: <Times edit={canOrg} /> },
    { key: 'about', children: <About /> },
  ];
  const tabs = all.filter((x) => !x.needs || permissions.includes(x.needs));
  // An address that names no part shows the first; one that names a part of others says so.
  const asked = all.find((x) => x.key === get('tab')) ?? all[0];
  return (
    <>
      <div className="top">
        <h1>{t('nav.settings')}</h1>
      </div>
      <Tabs
        className="settings"
        items={tabs.map(({ key, children }) => ({ key, label: t(`settings.${key}`), children }))}
        activeKey={asked?.key}
        onChange={(tab) => replace(`tab=${tab}`)}
      />
      {asked?.needs && !tabs.includes(asked) && <Lacking needs={asked.needs} />}
    </>
  );
}

/** Times are the company's working days, and how each team works on them. */
function Times({ edit }: { edit: boolean }) {
  return (
    <>
      <Calendar />
      <TeamTimes edit={edit} />
    </>
  );
}
