import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError, type Schemas } from '../api/client';
import { stay } from '../ui/seen';

export type Same = Schemas['AccountSame'];

/** samePeople are those who look the same as who was to be written down; undefined of any other answer. */
export const samePeople = (error: unknown): Same[] | undefined =>
  error instanceof ApiError && error.problem.code === 'contact.looks_same'
    ? (error.problem.params as { people: Same[] }).people
    : undefined;

/** SamePeople says who looks the same, where they work and by what, and offers that one. */
export function SamePeople({
  people,
  choose,
  onChoose,
  more,
}: {
  people: Same[];
  /** What choosing one is called. */
  choose: string;
  onChoose: (p: Same) => void;
  more?: { label: string; act: () => void };
}) {
  const { t } = useTranslation();
  return (
    <Alert
      type="warning"
      showIcon
      className="problem"
      title={t('contact.sameThere', { count: people.length })}
      description={
        <>
          {people.map((p) => (
            <div className="kv" key={p.id}>
              <span>
                <b>{p.name}</b> {[p.title, p.account].filter(Boolean).join(' · ')}
                <small> {t(`contact.sameBy.${p.by}`)}</small>
              </span>
              <Button size="small" aria-label={`${choose} ${p.name}`} onMouseDown={stay} onClick={() => onChoose(p)}>
                {choose}
              </Button>
            </div>
          ))}
          {more && (
            <Button size="small" onMouseDown={stay} onClick={more.act}>
              {more.label}
            </Button>
          )}
        </>
      }
    />
  );
}
