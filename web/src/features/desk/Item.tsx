import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Item is one thing that waits, in words, with what can be done about it. */
export function Item({
  kind,
  title,
  em,
  children,
  actions,
}: {
  kind: '' | 'w' | 'i';
  title: ReactNode;
  em?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={`ex ${kind}`}>
      <s />
      <div>
        <h3>
          {title}
          {em && <em>{em}</em>}
        </h3>
        <p>{children}</p>
      </div>
      <div className="act">{actions}</div>
    </div>
  );
}

/** Calculating stands for what is on its way, in the first moments after a start. */
export function Calculating() {
  const { t } = useTranslation();
  return (
    <div className="pad ink2" role="status">
      {t('desk.calculating')}
    </div>
  );
}
