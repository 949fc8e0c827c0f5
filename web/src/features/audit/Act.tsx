import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { useDuration } from '../../ui/Duration';
import { instant, span } from '../../ui/format';
import { bytes } from '../../ui/size';
import { Written } from '../../ui/Written';

type Item = Schemas['AuditItem'];
type Detail = Schemas['AuditDetailBody'];

/** useWho words who acted: the person who was signed in, and in whose name. */
export function useWho() {
  const { t } = useTranslation();
  return (i: Item) => {
    if (i.path === 'console' || i.path === 'cli') return t('audit.byConsole');
    if (i.path === 'job') return t('audit.byProgram');
    if (!i.personId) return t('audit.unknown');
    const person = i.person || '…';
    return i.for ? t('audit.onBehalf', { person, of: i.for }) : person;
  };
}

/** When is the instant of an act; of several alike, from when until when. */
export function When({ of }: { of: Item }) {
  const me = useMe();
  return <time dateTime={of.at}>{span(of.at, of.until, me.timeZone, me.today)}</time>;
}

/** Act says what was done, with what changed. */
export function Act({ of }: { of: Item }) {
  const { t } = useTranslation();
  const own = of.personId && of.personId === of.aboutId;
  return (
    <>
      {own && of.kind.endsWith('.password_set')
        ? t('audit.ownPassword')
        : t(`audit.kind.${of.kind}`, { defaultValue: t('audit.other') })}
      {of.times > 1 && ` × ${of.times}`}
      {of.details.length > 0 && (
        <ul className="details">
          {of.details.map((d) => (
            <li key={d.key}>
              <Changed of={d} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Changed({ of }: { of: Detail }) {
  const { t } = useTranslation();
  const was = useValue(of, of.old);
  const is = useValue(of, of.new);
  const label = t(`audit.detail.${of.key}`, { defaultValue: '' });
  const lead = label && `${label}${t('audit.colon')}`;
  if (of.of === 'permissions') {
    return (
      <>
        {is && `${t('audit.may')}${t('audit.colon')}${is}`} {was && `${t('audit.mayNot')}${t('audit.colon')}${was}`}
      </>
    );
  }
  return (
    <>
      {lead}
      <Written>{`${was && `${was} → `}${is || '—'}`}</Written>
    </>
  );
}

/** useValue words a value: codes are keys of texts, names come as they are called today. */
function useValue(of: Detail, value: string | undefined) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const lasting = useDuration();
  if (!value) return '';
  const each = (key: (v: string) => string) =>
    value
      .split(',')
      .map((v) => t(key(v), { defaultValue: v }))
      .join(i18n.language === 'zh-CN' ? '、' : ', ');
  switch (of.of) {
    case 'yes':
      return t(`audit.yes.${value}`);
    case 'role':
      return t(`roleKey.${value}`, { defaultValue: value });
    case 'way':
    case 'means':
    case 'checked':
      return t(`audit.${of.of}.${value}`, { defaultValue: value });
    case 'bytes':
      return bytes(Number(value));
    case 'minutes':
      return lasting(Number(value));
    case 'hours':
      return lasting(Number(value) * 60);
    case 'days':
      return lasting(Number(value) * 24 * 60);
    case 'instant':
      return instant(value, me.timeZone, me.today);
    case 'factor':
      return t(`audit.factor.${value}`, { defaultValue: value });
    case 'roles':
      return each((v) => `roleKey.${v}`);
    case 'permissions':
      return each((v) => `permission.${v}`);
    case 'texts':
      return each((v) => `audit.field.${v}`);
    case 'reach': {
      const [read, write] = value.split('/');
      return t('audit.reach', { read: t(`role.reach.${read}`), write: t(`role.reach.${write}`) });
    }
    case 'rate':
      return String(Number(value) / 1e6);
  }
  return value;
}

/** About names what an act is about, and opens it where it has a page. */
export function About({ of }: { of: Item }) {
  const { t } = useTranslation();
  const name = of.about || (of.aboutKind === 'role' && t(`roleKey.${of.aboutId}`, { defaultValue: '' })) || '';
  const to = page(of);
  if (!name && !to) return '—';
  const text = name || t(`audit.thing.${of.aboutKind}`, { defaultValue: '—' });
  return to ? <Link to={to}>{text}</Link> : text;
}

/** page is where a record is shown. */
function page(i: Item): string {
  switch (i.aboutKind) {
    case 'member':
      return `/settings?tab=people&member=${i.aboutId}`;
    case 'team':
      return `/settings?tab=teams&team=${i.aboutId}`;
    case 'role':
      return '/settings?tab=roles';
    case 'seat':
      return '/settings?tab=seats';
    case 'company':
      return '/settings?tab=company';
    case 'field':
      return '/settings?tab=fields';
    case 'pipeline':
      return '/settings/pipelines';
    case 'import':
      return '/import';
    case 'opportunity':
      return i.about ? `/opportunities/${i.aboutId}` : '';
    case 'account':
      return i.about ? `/accounts/${i.aboutId}` : '';
  }
  return '';
}

/** Outcome is what became of an act; never by colour alone. */
export function Outcome({ of }: { of: Item }) {
  const { t } = useTranslation();
  const text = t(`audit.outcome.${of.outcome}`);
  return of.outcome === 'done' ? text : <span className="chip w">{text}</span>;
}
