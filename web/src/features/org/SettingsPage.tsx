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
import { Parts } from './settings/Parts';
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
    { key: 'mine', group: 'own', children: <Mine /> },
    { key: 'notices', group: 'own', children: <Choices /> },
    { key: 'leave', group: 'own', children: <Leave /> },
    { key: 'people', group: 'people', children: <People edit={canOrg} /> },
    { key: 'teams', group: 'people', children: <Teams edit={canOrg} /> },
    { key: 'seats', group: 'people', children: <Seats edit={canOrg} /> },
    { key: 'roles', group: 'people', children: <Roles edit={canOrg} /> },
    { key: 'products', group: 'selling', needs: 'settings.edit', children: <Products /> },
    { key: 'fields', group: 'selling', needs: 'field.edit', children: <Fields /> },
    { key: 'guidance', group: 'selling', needs: 'settings.edit', children: <Rules /> },
    { key: 'desk', group: 'selling', needs: 'settings.edit', children: <Desk /> },
    { key: 'company', group: 'company', needs: 'settings.edit', children: <Company /> },
    { key: 'calendar', group: 'company', children: <Times edit={canOrg} /> },
    { key: 'outgoing', group: 'company', needs: 'settings.edit', children: <Ways /> },
    { key: 'files', group: 'data', children: <Files /> },
    { key: 'audit', group: 'data', needs: 'audit.read', children: <Audit /> },
    { key: 'about', group: 'data', children: <About /> },
  ];
  const parts = all.filter((x) => !x.needs || permissions.includes(x.needs));
  // An address that names no part shows the first; one that names a part of others says so.
  const asked = all.find((x) => x.key === get('tab')) ?? all[0];
  return (
    <>
      <div className="top">
        <h1>{t('nav.settings')}</h1>
      </div>
      <div className="parted">
        <Parts parts={parts} at={asked?.key} onChange={(tab) => replace(`tab=${tab}`)} />
        <div key={asked?.key}>
          {asked && parts.includes(asked) ? asked.children : asked?.needs && <Lacking needs={asked.needs} />}
        </div>
      </div>
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
